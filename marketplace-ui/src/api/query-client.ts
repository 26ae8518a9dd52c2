import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';

/** Only what may pass by itself is tried again: no answer, 429 and 5xx. */
function worthRetrying(count: number, error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return count < 2 && (error.status === 0 || error.status === 429 || error.status >= 500);
}

export const queryClient = new QueryClient({
  defaultOptions: {
    // The live stream says when something changed; see live.tsx.
    queries: { staleTime: 30_000, retry: worthRetrying, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
});
