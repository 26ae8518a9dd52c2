import {
  namespaceRequestListSchema,
  type namespaceDecisionSchema,
} from '@patchbay/plugin-sdk/contract/rest/namespaces';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { api } from '../api/client.ts';

const KEY = ['namespace-requests'];
const REFRESH_MS = 10_000;

export const namespaceRequestsQuery = queryOptions({
  queryKey: KEY,
  queryFn: ({ signal }) => api.get('/registry/namespace-requests', namespaceRequestListSchema, { signal }),
  refetchInterval: REFRESH_MS,
});

export function useDecideNamespaceRequest(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: z.input<typeof namespaceDecisionSchema>) =>
      api.post(`/registry/namespace-requests/${encodeURIComponent(id)}/decision`, z.unknown(), input),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}
