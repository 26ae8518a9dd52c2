import { deliveryDetailSchema } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { api } from '../api/client.ts';
import { notifyDone } from '../components/notify.tsx';

export function deliveryQuery(id: string) {
  return queryOptions({
    queryKey: ['deliveries', 'one', id],
    queryFn: ({ signal }) => api.get(`/deliveries/${encodeURIComponent(id)}`, deliveryDetailSchema, { signal }),
  });
}

export type ReplayMode = 'resume' | 'from-nothing';

export function useReplayDelivery(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (mode: ReplayMode) => api.post(`/deliveries/${encodeURIComponent(id)}/replay`, z.unknown(), { mode }),
    onSuccess: () => {
      notifyDone('The delivery is queued again');
      return client.invalidateQueries({ queryKey: ['deliveries'] });
    },
  });
}

export function useCancelDelivery(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.post(`/deliveries/${encodeURIComponent(id)}/cancel`, z.unknown()),
    onSuccess: () => {
      notifyDone('The delivery is cancelled');
      return client.invalidateQueries({ queryKey: ['deliveries'] });
    },
  });
}
