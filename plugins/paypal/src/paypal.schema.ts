import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** https://developer.paypal.com/api/rest/webhooks/ */
export const paypalEventSchema = z.looseObject({
  event_type: z.string(),
  resource_type: scalar.optional(),
  summary: scalar.optional(),
  create_time: scalar.optional(),
  resource: z.union([z.null(), z.record(z.string(), z.unknown())]).optional(),
});

export type PaypalEvent = z.infer<typeof paypalEventSchema>;
