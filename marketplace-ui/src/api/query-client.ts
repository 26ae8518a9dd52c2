import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';

/** Only what may pass by itself is tried again: no answer, 429 and 5xx. */
function worthRetrying(count: number, error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return count < 2 && (error.status === 0 || error.status === 429 || error.status >= 500);
}

/** True from the click on "Sign out": what is still being read then may fail, and that is no session that ended. */
let leaving = false;

export function setLeaving(value: boolean): void {
  leaving = value;
}

/** A session that ended while the page was open: sign in again, then come back to the same place. */
function whenSessionEnds(error: unknown): void {
  if (leaving || !(error instanceof ApiError) || error.code !== 'SESSION_REQUIRED') return;
  const { pathname, search } = window.location;
  if (pathname === '/sign-in' || pathname === '/setup' || !queryClient.getQueryData(['session'])) return;
  window.location.assign(`/sign-in?next=${encodeURIComponent(pathname + search)}`);
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: whenSessionEnds }),
  mutationCache: new MutationCache({ onError: whenSessionEnds }),
  defaultOptions: {
    // The live stream says when something changed; see live.tsx.
    queries: { staleTime: 30_000, retry: worthRetrying, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
});
