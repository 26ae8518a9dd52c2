import { incidentDetailSchema, type IncidentDetail } from '@patchbay/plugin-sdk/contract/rest/incidents';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { api } from '../api/client.ts';
import { notifyFailed } from '../components/notify.tsx';

export function incidentQuery(id: string) {
  return queryOptions({
    queryKey: ['incidents', 'one', id],
    queryFn: ({ signal }) => api.get(`/incidents/${encodeURIComponent(id)}`, incidentDetailSchema, { signal }),
  });
}

export type IncidentAct = 'acknowledge' | 'resolve' | 'reopen';

const statusAfter = { acknowledge: 'acknowledged', resolve: 'resolved', reopen: 'open' } as const;

/**
 * Acknowledges, resolves or reopens. The status on the screen changes at once and changes back when the host refuses.
 */
export function useIncidentAct(id: string) {
  const client = useQueryClient();
  const { queryKey } = incidentQuery(id);
  return useMutation({
    mutationFn: ({ act, note }: { act: IncidentAct; note: string }) =>
      api.post(`/incidents/${encodeURIComponent(id)}/${act}`, z.unknown(), note ? { note } : {}),
    onMutate: async ({ act }) => {
      await client.cancelQueries({ queryKey });
      const former = client.getQueryData<IncidentDetail>(queryKey);
      if (former) client.setQueryData(queryKey, { ...former, status: statusAfter[act] });
      return { former };
    },
    onError: (error, { act }, context) => {
      if (context?.former) client.setQueryData(queryKey, context.former);
      notifyFailed(`The incident could not be changed (${act})`, error);
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['incidents'] }),
  });
}
