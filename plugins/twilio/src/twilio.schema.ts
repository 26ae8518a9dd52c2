import { z } from 'zod';

/** An event of Event Streams, a CloudEvent: https://www.twilio.com/docs/events/event-types */
export const streamEventSchema = z.looseObject({
  type: z.string(),
  source: z.unknown().optional(),
  time: z.unknown().optional(),
  data: z.union([z.null(), z.record(z.string(), z.unknown())]).optional(),
});

export type StreamEvent = z.infer<typeof streamEventSchema>;
