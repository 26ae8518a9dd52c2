import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** One entry of the list: https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event */
export const sendgridEventSchema = z.looseObject({
  event: z.string(),
  email: scalar.optional(),
  timestamp: scalar.optional(),
  type: scalar.optional(),
  reason: scalar.optional(),
  response: scalar.optional(),
  status: scalar.optional(),
  attempt: scalar.optional(),
  bounce_classification: scalar.optional(),
  sg_message_id: scalar.optional(),
  category: z.union([scalar, z.array(scalar)]).optional(),
});

export type SendgridEvent = z.infer<typeof sendgridEventSchema>;
