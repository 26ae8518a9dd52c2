import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** https://grafana.com/docs/oncall/latest/configure/outgoing-webhooks/ */
export const onCallSchema = z.looseObject({
  event: z.looseObject({ type: scalar.optional(), time: scalar.optional() }).nullish(),
  alert_group: z.looseObject({
    id: scalar.optional(),
    state: scalar.optional(),
    title: scalar.optional(),
    severity: scalar.optional(),
    created_at: scalar.optional(),
    permalinks: z.looseObject({ web: scalar.optional() }).nullish(),
  }),
  alert_group_id: scalar.optional(),
  integration: z.looseObject({ id: scalar.optional(), name: scalar.optional() }).nullish(),
});
