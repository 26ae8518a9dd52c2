import { z } from 'zod';
import { severitySchema } from '../event-payload.ts';
import { environmentSchema } from '../manifest.ts';

export const incidentStatuses = ['open', 'acknowledged', 'resolved'] as const;
export const incidentStatusSchema = z.enum(incidentStatuses);
export type IncidentStatus = z.infer<typeof incidentStatusSchema>;

/** GET /api/incidents?status=&severity=&serviceId=&integrationId=&environment=&type=&dedupKey=&q=&cursor=; status may repeat. */
export const incidentSchema = z.object({
  id: z.string(),
  number: z.int(),
  status: incidentStatusSchema,
  severity: severitySchema,
  summary: z.string(),
  source: z.string(),
  /** That of the integration by which it came in. */
  environment: environmentSchema,
  type: z.string(),
  dedupKey: z.string(),
  serviceId: z.string(),
  serviceName: z.string(),
  openedAt: z.string(),
  updatedAt: z.string(),
  acknowledgedAt: z.string().nullable(),
  resolvedAt: z.string().nullable(),
  eventCount: z.int(),
  linked: z.array(z.object({ key: z.string(), href: z.string(), title: z.string().nullable() })),
});
export type Incident = z.infer<typeof incidentSchema>;

/** One entry of the timeline, oldest first. */
export const timelineEntrySchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('event'),
    id: z.string(),
    at: z.string(),
    action: z.string(),
    effect: z.string(),
    severity: z.string().nullable(),
    summary: z.string().nullable(),
    requestId: z.string().nullable(),
    actor: z.string().nullable(),
    plugin: z.string().nullable(),
    pluginVersion: z.string().nullable(),
    durationMs: z.number().nullable(),
  }),
  z.object({
    kind: z.literal('delivery'),
    id: z.string(),
    at: z.string(),
    destinationName: z.string(),
    destinationKind: z.enum(['connector', 'webhook']),
    changeType: z.string(),
    state: z.string(),
    attempts: z.int(),
    finishedAt: z.string().nullable(),
    message: z.string().nullable(),
    linked: z.object({ key: z.string(), href: z.string() }).nullable(),
  }),
]);
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

/** GET /api/incidents/:id; POST /api/incidents/:id/{acknowledge,resolve,reopen} {note?}. */
export const incidentDetailSchema = incidentSchema.extend({
  previousIncidentId: z.string().nullable(),
  links: z.array(z.object({ href: z.string(), text: z.string().optional() })),
  customDetails: z.record(z.string(), z.unknown()),
  timeline: z.array(timelineEntrySchema),
});
export type IncidentDetail = z.infer<typeof incidentDetailSchema>;

export const incidentActionInputSchema = z.object({ note: z.string().max(1000).optional() });
