import {
  pluginReportListSchema,
  type reportDecisionSchema,
  type reportInputSchema,
  type ReportState,
} from '@patchbay/plugin-sdk/contract/rest/reports';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { api } from '../api/client.ts';

const REFRESH_MS = 10_000;

export function reportsQuery(state: ReportState) {
  return queryOptions({
    queryKey: ['reports', state],
    queryFn: ({ signal }) => api.get('/registry/reports', pluginReportListSchema, { query: { state }, signal }),
    refetchInterval: REFRESH_MS,
  });
}

export function useReport(plugin: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: z.input<typeof reportInputSchema>) =>
      api.post(
        `/registry/plugins/${plugin.split('/').map(encodeURIComponent).join('/')}/reports`,
        z.object({ id: z.string() }),
        input,
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ['reports'] }),
  });
}

export function useDecideReport(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: z.input<typeof reportDecisionSchema>) =>
      api.post(`/registry/reports/${encodeURIComponent(id)}/decision`, z.unknown(), input),
    onSuccess: () => client.invalidateQueries({ queryKey: ['reports'] }),
  });
}
