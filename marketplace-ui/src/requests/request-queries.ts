import { requestDetailSchema } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { api } from '../api/client.ts';
import { notifyDone } from '../components/notify.tsx';

export function requestQuery(id: string) {
  return queryOptions({
    queryKey: ['requests', 'one', id],
    queryFn: ({ signal }) => api.get(`/requests/${encodeURIComponent(id)}`, requestDetailSchema, { signal }),
  });
}

export function useReplayRequest(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.post(`/requests/${encodeURIComponent(id)}/replay`, z.unknown()),
    onSuccess: () => {
      notifyDone('The request goes through its plugin again');
      return client.invalidateQueries({ queryKey: ['requests'] });
    },
  });
}

/** What came, with its secrets. It is kept by who asked and by no cache. */
export function useRevealRequest(id: string) {
  return useMutation({
    mutationFn: () => api.post(`/requests/${encodeURIComponent(id)}/reveal`, requestDetailSchema),
    gcTime: 0,
  });
}
