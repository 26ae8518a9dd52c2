import type { EventPayload } from '@patchbay/plugin-sdk/contract/event-payload';
import type { EventRule } from '@patchbay/plugin-sdk/contract/event-rules';
import { requestSummarySchema, rulesTriedSchema } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { pageSchema } from '@patchbay/plugin-sdk/contract/rest/page';
import { queryOptions, useMutation } from '@tanstack/react-query';
import { api } from '../api/client.ts';

export type Tried = { requestId: string } | { event: EventPayload };

/** Requests whose body is kept: what rules can be tried on. */
export function triableRequestsQuery(integrationId: string) {
  return queryOptions({
    queryKey: ['requests', 'triable', integrationId],
    queryFn: ({ signal }) =>
      api.get(`/integrations/${encodeURIComponent(integrationId)}/requests`, pageSchema(requestSummarySchema), {
        query: { limit: 50, state: ['accepted', 'ignored', 'pending', 'dead'] },
        signal,
      }),
  });
}

export function useTryRules(integrationId: string) {
  return useMutation({
    mutationFn: ({ rules, on }: { rules: readonly EventRule[]; on: Tried }) =>
      api.post(`/integrations/${encodeURIComponent(integrationId)}/rules/try`, rulesTriedSchema, { rules, ...on }),
  });
}
