import { tokenCreatedSchema, tokenSchema, type tokenInputSchema } from '@patchbay/plugin-sdk/contract/rest/identity';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { api } from '../api/client.ts';

const tokensSchema = z.object({ items: z.array(tokenSchema) });

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: ({ signal }) => api.get('/tokens', tokensSchema, { signal }),
});

export function useCreateToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: z.input<typeof tokenInputSchema>) => api.post('/tokens', tokenCreatedSchema, input),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  });
}

export function useRevokeToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete(`/tokens/${encodeURIComponent(id)}`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  });
}
