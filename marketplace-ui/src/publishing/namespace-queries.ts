import {
  namespaceCreatedSchema,
  ownNamespaceListSchema,
  type lostKeySchema,
  type namespaceInputSchema,
  type namespaceMemberInputSchema,
} from '@patchbay/plugin-sdk/contract/rest/namespaces';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { api } from '../api/client.ts';

const KEY = ['submissions', 'namespaces'];

export const ownNamespacesQuery = queryOptions({
  queryKey: KEY,
  queryFn: ({ signal }) => api.get('/registry/namespaces/mine', ownNamespaceListSchema, { signal }),
});

/** Claims a free name, or asks for one that is not. */
export function useClaim() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: z.input<typeof namespaceInputSchema>) =>
      api.post('/registry/namespaces', namespaceCreatedSchema, input),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

export function useSetNamespaceMember(namespace: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: z.input<typeof namespaceMemberInputSchema>) =>
      api.put(`${path(namespace)}/members`, z.unknown(), input),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

export function useRemoveNamespaceMember(namespace: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (member: string) => api.delete(`${path(namespace)}/members/${encodeURIComponent(member)}`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['submissions'] }),
  });
}

export function useTransfer(namespace: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (email: string) => api.post(`${path(namespace)}/transfer`, z.unknown(), { email }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['submissions'] }),
  });
}

export function useReportLostKey(namespace: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: z.input<typeof lostKeySchema>) =>
      api.post(`${path(namespace)}/lost-key`, z.object({ requestId: z.string() }), input),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

function path(namespace: string): string {
  return `/registry/namespaces/${encodeURIComponent(namespace)}`;
}
