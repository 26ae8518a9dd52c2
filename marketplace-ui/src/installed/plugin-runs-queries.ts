import { pluginRunsListSchema, releasedSchema } from '@patchbay/plugin-sdk/contract/rest/runs';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../api/client.ts';

/** Counted in the host's memory, which tells nobody when it changes. */
const REFETCH_MS = 5_000;

const pluginRunsQuery = queryOptions({
  queryKey: ['plugin-runs'],
  queryFn: ({ signal }) => api.get('/plugin-runs', pluginRunsListSchema, { signal }),
  refetchInterval: REFETCH_MS,
});

/** What one installation did since the host was started; null before its first run. */
export function usePluginRuns(installationId: string) {
  return useQuery({
    ...pluginRunsQuery,
    select: ({ items }) => items.find((item) => item.installationId === installationId) ?? null,
  });
}

export function useRelease(installationId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.post(`/installations/${encodeURIComponent(installationId)}/release`, releasedSchema),
    onSettled: () => client.invalidateQueries({ queryKey: ['plugin-runs'] }),
  });
}
