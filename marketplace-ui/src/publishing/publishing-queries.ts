import { ownPluginSchema, submissionListSchema } from '@patchbay/plugin-sdk/contract/rest/registry';
import { ownPluginErrorsSchema } from '@patchbay/plugin-sdk/contract/rest/runs';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { api } from '../api/client.ts';

const REFRESH_MS = 10_000;

export const ownSubmissionsQuery = queryOptions({
  queryKey: ['submissions', 'mine'],
  queryFn: ({ signal }) => api.get('/registry/submissions/mine', submissionListSchema, { signal }),
  refetchInterval: REFRESH_MS,
});

export const ownPluginsQuery = queryOptions({
  queryKey: ['submissions', 'own-plugins'],
  queryFn: ({ signal }) => api.get('/registry/plugins/mine', z.object({ items: z.array(ownPluginSchema) }), { signal }),
});

export const ownErrorsQuery = queryOptions({
  queryKey: ['submissions', 'own-errors'],
  queryFn: ({ signal }) => api.get('/plugin-runs/mine', ownPluginErrorsSchema, { signal }),
});

/** Marks a plugin as deprecated; null takes it back. */
export function useDeprecate(plugin: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (deprecation: { message: string; replacement: string | null } | null) => {
      const path = `/registry/plugins/${plugin.split('/').map(encodeURIComponent).join('/')}/deprecation`;
      if (deprecation === null) await api.delete(path);
      else await api.post(path, z.unknown(), deprecation);
    },
    onSuccess: () =>
      Promise.all(['submissions', 'installations'].map((first) => client.invalidateQueries({ queryKey: [first] }))),
  });
}

/** Yanks a version, or offers it again. */
export function useYank(plugin: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ version, reason }: { version: string; reason: string | null }) => {
      const path = `/registry/plugins/${plugin.split('/').map(encodeURIComponent).join('/')}/versions/${encodeURIComponent(version)}/yank`;
      if (reason === null) await api.delete(path);
      else await api.post(path, z.unknown(), { reason });
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['submissions'] }),
  });
}
