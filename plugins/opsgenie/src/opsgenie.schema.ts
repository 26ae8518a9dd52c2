import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** https://support.atlassian.com/opsgenie/docs/opsgenie-edge-connector-alert-action-data/ */
export const actionSchema = z.looseObject({
  action: z.string(),
  alert: z.unknown().optional(),
  integrationName: scalar.optional(),
});

export const alertSchema = z.looseObject({
  alert: z.looseObject({
    alertId: z.union([z.string(), z.number()]),
    message: scalar.optional(),
    alias: scalar.optional(),
    tinyId: scalar.optional(),
    entity: scalar.optional(),
    source: scalar.optional(),
    priority: scalar.optional(),
    description: scalar.optional(),
    createdAt: scalar.optional(),
    username: scalar.optional(),
    tags: z.array(scalar).nullish(),
    details: z.record(z.string(), z.unknown()).nullish(),
  }),
});
