import {
  destinationSchema,
  webhookCreatedSchema,
  type SubscriptionFilter,
  type webhookInputSchema,
  type webhookPatchSchema,
} from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { api } from '../api/client.ts';
import { allPages } from '../services/all-pages.ts';

/** The routes of connectors (subscriptions) and the webhooks are destinations alike: filter, state, counts. */
export const subscriptionsQuery = queryOptions({
  queryKey: ['destinations', 'subscriptions'],
  queryFn: ({ signal }) => allPages('/subscriptions', destinationSchema, {}, signal),
});

export const webhooksQuery = queryOptions({
  queryKey: ['destinations', 'webhooks'],
  queryFn: ({ signal }) => allPages('/webhooks', destinationSchema, {}, signal),
});

export function webhookQuery(id: string) {
  return queryOptions({
    queryKey: ['destinations', 'webhook', id],
    queryFn: ({ signal }) => api.get(path('webhooks', id), destinationSchema, { signal }),
  });
}

export interface RouteInput {
  name: string;
  filter: SubscriptionFilter;
}

/** Makes a route of an installation, or changes the one with this id. */
export function useSaveRoute(installationId: string, id?: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: RouteInput) =>
      id === undefined
        ? api.post('/subscriptions', destinationSchema, { installationId, ...input })
        : api.patch(path('subscriptions', id), destinationSchema, input),
    onSuccess: () => void stale(client),
  });
}

export type DestinationList = 'subscriptions' | 'webhooks';

/** Pauses or resumes a destination of either kind. */
export function useSwitchDestination(list: DestinationList, id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (state: 'active' | 'paused') => api.patch(path(list, id), destinationSchema, { state }),
    onSuccess: () => void stale(client),
  });
}

export function useDeleteDestination(list: DestinationList, id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.delete(path(list, id)),
    // Not the deleted one itself: its page is about to close.
    onSuccess: () => void client.invalidateQueries({ queryKey: ['destinations', list] }),
  });
}

export function useCreateWebhook() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: z.input<typeof webhookInputSchema>) => api.post('/webhooks', webhookCreatedSchema, input),
    onSuccess: () => void stale(client),
  });
}

export function useChangeWebhook(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (patch: z.input<typeof webhookPatchSchema>) =>
      api.patch(path('webhooks', id), destinationSchema, patch),
    onSuccess: () => void stale(client),
  });
}

/** The new secret; the old one signs beside it until its overlap ends. */
export function useRotateSecret(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (overlapHours: number) =>
      api.post(`${path('webhooks', id)}/rotate-secret`, webhookCreatedSchema, { overlapHours }),
    onSuccess: () => void stale(client),
  });
}

const testResultSchema = z.object({
  ok: z.boolean(),
  status: z.int().nullable(),
  message: z.string(),
  durationMs: z.number(),
});

/** Posts a signed test to the address at once, outside the queue; the answer says how it went. */
export function useTestWebhook(id: string) {
  return useMutation({ mutationFn: () => api.post(`${path('webhooks', id)}/test`, testResultSchema) });
}

function path(list: DestinationList, id: string): string {
  return `/${list}/${encodeURIComponent(id)}`;
}

function stale(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: ['destinations'] });
}
