import {
  heldVersionListSchema,
  type HeldVersion,
  type reasonInputSchema,
} from '@patchbay/plugin-sdk/contract/rest/registry';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { api } from '../api/client.ts';

const KEY = ['held-versions'];
const REFRESH_MS = 10_000;

/** Published versions that are held until somebody has looked. */
export const heldVersionsQuery = queryOptions({
  queryKey: KEY,
  queryFn: ({ signal }) => api.get('/registry/held', heldVersionListSchema, { signal }),
  refetchInterval: REFRESH_MS,
});

export function useRelease({ plugin, version }: HeldVersion) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: z.input<typeof reasonInputSchema>) =>
      api.post(`/registry/plugins/${plugin}/versions/${encodeURIComponent(version)}/release`, z.unknown(), input),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}
