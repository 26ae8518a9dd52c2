import { serviceSchema, type Service } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import { allPages } from './all-pages.ts';

export const servicesQuery = queryOptions({
  queryKey: ['services', 'list'],
  queryFn: ({ signal }) => allPages('/services', serviceSchema, {}, signal),
});

export function serviceQuery(id: string) {
  return queryOptions({
    queryKey: ['services', 'one', id],
    queryFn: ({ signal }) => api.get(`/services/${encodeURIComponent(id)}`, serviceSchema, { signal }),
  });
}

export interface ServiceInput {
  name: string;
  description: string;
}

/** Makes a service, or changes the one with this id. */
export function useSaveService(id?: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: ServiceInput): Promise<Service> =>
      id === undefined
        ? api.post('/services', serviceSchema, input)
        : api.patch(`/services/${encodeURIComponent(id)}`, serviceSchema, input),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['services'] }),
  });
}

export function useDeleteService(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.delete(`/services/${encodeURIComponent(id)}`),
    // Not the deleted one itself: its page is about to close.
    onSuccess: () => void client.invalidateQueries({ queryKey: ['services', 'list'] }),
  });
}
