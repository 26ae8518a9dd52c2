import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** Grafana OnCall and IRM: https://grafana.com/docs/oncall/latest/configure/outgoing-webhooks/ */
export const onCallSchema = z.looseObject({
  alert_group: z.looseObject({
    id: z.union([z.string(), z.number()]),
    state: z.string(),
    title: scalar.optional(),
    created_at: scalar.optional(),
    acknowledged_at: scalar.optional(),
    resolved_at: scalar.optional(),
    alerts_count: scalar.optional(),
    permalinks: z.looseObject({ web: scalar.optional() }).nullish(),
    labels: z.unknown().optional(),
  }),
  alert_payload: z.unknown().optional(),
  integration: z.looseObject({ name: scalar.optional(), team: scalar.optional() }).nullish(),
  event: z.looseObject({ type: scalar.optional(), time: scalar.optional() }).nullish(),
});
