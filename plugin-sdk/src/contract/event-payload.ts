import { z } from 'zod';
import { eventLimits } from './limits.ts';

export const severities = ['critical', 'error', 'warning', 'info'] as const;
export const severitySchema = z.enum(severities);
/** How bad a problem is. */
export type Severity = z.infer<typeof severitySchema>;

export const eventActions = ['trigger', 'resolve', 'acknowledge'] as const;
export const eventActionSchema = z.enum(eventActions);
/** What an event does to its incident. */
export type EventAction = z.infer<typeof eventActionSchema>;

const label = z.string().max(eventLimits.labelChars);
const httpUrl = z
  .string()
  .max(eventLimits.urlChars)
  .regex(/^https?:\/\//i, 'Expected an http or https URL');

export const eventDetailsSchema = z.object({
  summary: z.string().min(1).max(eventLimits.summaryChars),
  source: z.string().min(1).max(eventLimits.sourceChars),
  severity: severitySchema,
  custom_details: z.record(z.string(), z.unknown()).optional(),
  timestamp: z.string().max(64).optional(),
  component: label.optional(),
  group: label.optional(),
  class: label.optional(),
});

const eventShape = {
  /** Same for every event about one problem, different for different problems. Longer keys are hashed by the host. */
  dedup_key: z.string().min(1).max(8192),
  links: z
    .array(z.object({ href: httpUrl, text: label.optional() }))
    .max(eventLimits.links)
    .optional(),
  images: z
    .array(z.object({ src: httpUrl, alt: label.optional(), href: httpUrl.optional() }))
    .max(eventLimits.images)
    .optional(),
};

/**
 * Who acts on an incident from elsewhere: somebody who pressed a button in a chat or closed a ticket. Counts for plugins
 * that declare `actsForPeople`. `dedup_key` then names the incident, by its id or by its key, and it is looked for in the
 * whole group, whatever integration opened it.
 */
const actor = z.string().min(1).max(eventLimits.labelChars);

/**
 * What every ingest plugin makes of a request: one entry per problem. `payload` may be absent on resolve and
 * acknowledge, because senders such as PagerDuty's Events API v2 send none.
 */
export const eventPayloadSchema = z.discriminatedUnion('event_action', [
  z.object({ event_action: z.literal('trigger'), payload: eventDetailsSchema, ...eventShape }),
  z.object({
    event_action: z.literal('resolve'),
    payload: eventDetailsSchema.optional(),
    actor: actor.optional(),
    ...eventShape,
  }),
  z.object({
    event_action: z.literal('acknowledge'),
    payload: eventDetailsSchema.optional(),
    actor: actor.optional(),
    ...eventShape,
  }),
]);

/** What an event says of the problem. */
export type EventDetails = z.infer<typeof eventDetailsSchema>;
/** What every ingest plugin makes of a request: one event per problem. */
export type EventPayload = z.infer<typeof eventPayloadSchema>;
