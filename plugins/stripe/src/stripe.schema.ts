import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/**
 * An event and the object that it is about, as it was then: https://docs.stripe.com/api/events/object
 * An event of API v2 names its object and does not hold it: https://docs.stripe.com/event-destinations
 */
export const stripeEventSchema = z.looseObject({
  id: scalar.optional(),
  object: scalar.optional(),
  type: z.string(),
  account: scalar.optional(),
  context: scalar.optional(),
  created: scalar.optional(),
  livemode: scalar.optional(),
  data: z
    .union([
      z.null(),
      z.looseObject({
        object: z.union([z.null(), z.record(z.string(), z.unknown())]).optional(),
        previous_attributes: z.union([z.null(), z.record(z.string(), z.unknown())]).optional(),
      }),
    ])
    .optional(),
  related_object: z.union([z.null(), z.looseObject({ id: scalar.optional(), type: scalar.optional() })]).optional(),
});

export type StripeEvent = z.infer<typeof stripeEventSchema>;
