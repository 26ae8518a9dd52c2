import {
  consentSchema,
  installationSchema,
  type consentPreviewSchema,
  type earlyUpdateConfirmationSchema,
  type earlyUpdateInputSchema,
  type Installation,
  type installationInputSchema,
  type installationPatchSchema,
  type installationRollbackSchema,
  type installationUpdateSchema,
} from '@patchbay/plugin-sdk/contract/rest/plugins';
import { queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { api } from '../api/client.ts';
import { allPages } from '../services/all-pages.ts';

export const installationsQuery = queryOptions({
  queryKey: ['installations', 'list'],
  queryFn: ({ signal }) => allPages('/installations', installationSchema, {}, signal),
});

export function installationQuery(id: string) {
  return queryOptions({
    queryKey: ['installations', 'one', id],
    queryFn: ({ signal }) => api.get(path(id), installationSchema, { signal }),
  });
}

export function useInstall() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: z.input<typeof installationInputSchema>) =>
      api.post('/installations', installationSchema, input),
    onSuccess: (installation) => remember(client, installation),
  });
}

export function useChangeInstallation(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (patch: z.input<typeof installationPatchSchema>) => api.patch(path(id), installationSchema, patch),
    onSuccess: (installation) => remember(client, installation),
  });
}

/** What would be agreed to with other settings. */
export function useConsentPreview(id: string) {
  return useMutation({
    mutationFn: (input: z.input<typeof consentPreviewSchema>) => api.post(`${path(id)}/consent`, consentSchema, input),
  });
}

export function useUpdateInstallation(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: z.input<typeof installationUpdateSchema>) =>
      api.post(`${path(id)}/update`, installationSchema, input),
    onSuccess: (installation) => remember(client, installation),
  });
}

export function useAskForEarlyUpdate(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: z.input<typeof earlyUpdateInputSchema>) =>
      api.post(`${path(id)}/early-update`, installationSchema, input),
    onSuccess: (installation) => remember(client, installation),
  });
}

export function useConfirmEarlyUpdate(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: z.input<typeof earlyUpdateConfirmationSchema>) =>
      api.post(`${path(id)}/early-update/confirm`, installationSchema, input),
    onSuccess: (installation) => remember(client, installation),
  });
}

export function useRollBack(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: z.input<typeof installationRollbackSchema>) =>
      api.post(`${path(id)}/rollback`, installationSchema, input),
    onSuccess: (installation) => remember(client, installation),
  });
}

export function useRemoveInstallation(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.delete(path(id)),
    // Not the removed one itself: its page is about to close.
    onSuccess: () =>
      void client.invalidateQueries({
        queryKey: ['installations'],
        predicate: ({ queryKey }) => queryKey[1] !== 'one',
      }),
  });
}

function path(id: string): string {
  return `/installations/${encodeURIComponent(id)}`;
}

// Nobody waits for the lists to be read again: the page that acted may leave at once.
function remember(client: QueryClient, installation: Installation): void {
  client.setQueryData(installationQuery(installation.id).queryKey, installation);
  void client.invalidateQueries({ queryKey: ['installations'] });
}
