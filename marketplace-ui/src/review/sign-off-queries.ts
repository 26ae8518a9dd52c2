import {
  signOffConfirmedSchema,
  signOffListSchema,
  type reasonInputSchema,
} from '@patchbay/plugin-sdk/contract/rest/registry';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { api } from '../api/client.ts';

const KEY = ['revocations', 'sign-offs'];
const REFRESH_MS = 10_000;

/** Hard revocations that wait for a second reviewer. */
export const signOffsQuery = queryOptions({
  queryKey: KEY,
  queryFn: ({ signal }) => api.get('/registry/sign-offs', signOffListSchema, { signal }),
  refetchInterval: REFRESH_MS,
});

export function useConfirmSignOff(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.post(`${pathOf(id)}/confirm`, signOffConfirmedSchema),
    onSuccess: () => client.invalidateQueries({ queryKey: ['revocations'] }),
  });
}

export function useWithdrawSignOff(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: z.input<typeof reasonInputSchema>) => api.post(`${pathOf(id)}/withdraw`, z.unknown(), input),
    onSuccess: () => client.invalidateQueries({ queryKey: ['revocations'] }),
  });
}

function pathOf(id: string): string {
  return `/registry/sign-offs/${encodeURIComponent(id)}`;
}
