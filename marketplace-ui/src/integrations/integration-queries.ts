import {
  healthSchema,
  historySchema,
  integrationSchema,
  testEventResultSchema,
  type Integration,
  type integrationInputSchema,
  type integrationPatchSchema,
  type rotateSecretInputSchema,
  type testEventInputSchema,
} from '@patchbay/plugin-sdk/contract/rest/integrations';
import { queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { api } from '../api/client.ts';
import { allPages } from '../services/all-pages.ts';

export interface IntegrationFilter {
  serviceId?: string | undefined;
  type?: string | undefined;
  environment?: string | undefined;
}

export function integrationsQuery(filter: IntegrationFilter = {}) {
  return queryOptions({
    queryKey: ['integrations', 'list', filter],
    queryFn: ({ signal }) => allPages('/integrations', integrationSchema, { ...filter }, signal),
  });
}

export function integrationQuery(id: string) {
  return queryOptions({
    queryKey: ['integrations', 'one', id],
    queryFn: ({ signal }) => api.get(path(id), integrationSchema, { signal }),
  });
}

export const healthQuery = queryOptions({
  queryKey: ['integrations', 'health'],
  queryFn: ({ signal }) => api.get('/integrations/health', healthSchema, { signal }),
});

/** @param hours how far back, with the running one */
export function historyQuery(id: string, hours: number) {
  return queryOptions({
    queryKey: ['integrations', 'history', id, hours],
    queryFn: ({ signal }) => api.get(`${path(id)}/history?hours=${hours}`, historySchema, { signal }),
  });
}

export function useCreateIntegration() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: z.input<typeof integrationInputSchema>) => api.post('/integrations', integrationSchema, input),
    onSuccess: (integration) => remember(client, integration),
  });
}

export function useChangeIntegration(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (patch: z.input<typeof integrationPatchSchema>) => api.patch(path(id), integrationSchema, patch),
    onSuccess: (integration) => remember(client, integration),
  });
}

export function useRotateKey(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (overlapHours: number) => api.post(`${path(id)}/rotate-key`, integrationSchema, { overlapHours }),
    onSuccess: (integration) => remember(client, integration),
  });
}

export function useRotateSecret(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: z.input<typeof rotateSecretInputSchema>) =>
      api.post(`${path(id)}/rotate-secret`, integrationSchema, input),
    onSuccess: (integration) => remember(client, integration),
  });
}

export function useRefreshRanges(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.post(`${path(id)}/refresh-ranges`, integrationSchema),
    onSuccess: (integration) => remember(client, integration),
  });
}

export function useSendTest(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: z.input<typeof testEventInputSchema>) =>
      api.post(`${path(id)}/test`, testEventResultSchema, input),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['requests'] }),
  });
}

export function useDeleteIntegration(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.delete(path(id)),
    // Not the deleted one itself: its page is about to close.
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['integrations', 'list'] });
      void client.invalidateQueries({ queryKey: ['services'] });
    },
  });
}

function path(id: string): string {
  return `/integrations/${encodeURIComponent(id)}`;
}

// Nobody waits for the lists to be read again: the page that acted may leave at once.
function remember(client: QueryClient, integration: Integration): void {
  client.setQueryData(integrationQuery(integration.id).queryKey, integration);
  void stale(client);
}

async function stale(client: QueryClient): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: ['integrations'] }),
    client.invalidateQueries({ queryKey: ['services'] }),
  ]);
}
