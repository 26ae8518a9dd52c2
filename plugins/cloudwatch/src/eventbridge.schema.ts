import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
export const eventBridgeSchema = z.looseObject({
  'detail-type': z.string(),
  /** An input transformer of a rule may leave all but the type and the detail out. */
  source: z.string().optional(),
  id: scalar.optional(),
  account: scalar.optional(),
  region: scalar.optional(),
  time: scalar.optional(),
  resources: z.array(scalar).nullish(),
  detail: z.looseObject({}).nullish(),
});

export type EventBridgeEvent = z.infer<typeof eventBridgeSchema>;
