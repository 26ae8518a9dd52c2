import {
  checkPolicySchema,
  decisionLogHeadSchema,
  decisionLogPageSchema,
  type checkPolicyInputSchema,
} from '@patchbay/plugin-sdk/contract/rest/registry';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { api } from '../api/client.ts';

/** How far back the decision log is looked through. */
const LOG_ENTRIES = 200;

export const checkPoliciesQuery = queryOptions({
  queryKey: ['checks', 'policies'],
  queryFn: ({ signal }) => api.get('/registry/checks', z.object({ items: z.array(checkPolicySchema) }), { signal }),
});

const changeSchema = z.object({
  seq: z.int(),
  at: z.string(),
  actor: z.string(),
  subject: z.string(),
  details: z.object({ enabled: z.boolean(), enforced: z.boolean(), required: z.boolean(), reason: z.string() }),
});

/** The changes of switches among the newest entries of the decision log, newest first. */
export const checkChangesQuery = queryOptions({
  queryKey: ['checks', 'changes'],
  async queryFn({ signal }) {
    const head = await api.get('/registry/log/head', decisionLogHeadSchema, { signal });
    const after = Math.max(0, head.seq - LOG_ENTRIES);
    const { items } = await api.get('/registry/log', decisionLogPageSchema, { query: { after }, signal });
    return items
      .map(({ entry }) => JSON.parse(entry) as { action: string })
      .filter(({ action }) => action === 'check.changed')
      .map((entry) => changeSchema.parse(entry))
      .reverse();
  },
});

export function useSetCheckPolicy(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: z.input<typeof checkPolicyInputSchema>) =>
      api.put(`/registry/checks/${encodeURIComponent(name)}`, checkPolicySchema, input),
    onSuccess: () => client.invalidateQueries({ queryKey: ['checks'] }),
  });
}
