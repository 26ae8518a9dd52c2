import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#issues */
export const issuesSchema = z.looseObject({
  action: scalar,
  repository: z.looseObject({ full_name: z.string(), html_url: scalar.optional() }),
  issue: z.looseObject({
    number: z.union([z.string(), z.number()]),
    title: scalar.optional(),
    html_url: scalar.optional(),
    updated_at: scalar.optional(),
    state_reason: scalar.optional(),
    user: z.looseObject({ login: scalar.optional() }).nullish(),
    labels: z.array(z.looseObject({ name: scalar.optional() })).nullish(),
  }),
});
