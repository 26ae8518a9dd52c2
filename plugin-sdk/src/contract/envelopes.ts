import { z } from 'zod';
import { eventPayloadSchema, severitySchema } from './event-payload.ts';
import { sandboxLimits } from './limits.ts';
import { environmentSchema } from './manifest.ts';

/** The version of the envelopes; it changes only with HOST_API_VERSION's major. */
export const ABI_VERSION = 1;

/** A body exactly as it arrived: text when it is valid UTF-8, else base64. */
export const bodySchema = z.union([z.strictObject({ text: z.string() }), z.strictObject({ base64: z.string() })]);

export const ingestRequestSchema = z.object({
  id: z.string(),
  /** ISO 8601, UTC. */
  receivedAt: z.string(),
  method: z.enum(['POST', 'PUT', 'GET']),
  /** Lower-case names; several values of one name are joined with ", " (RFC 9110 5.2). Credentials are left out. */
  headers: z.record(z.string(), z.string()),
  /** Every value of a name, in order. `key`, `integrationId` and other credentials are left out. */
  query: z.record(z.string(), z.array(z.string())),
  contentType: z.string(),
  body: bodySchema,
});
export type IngestRequest = z.infer<typeof ingestRequestSchema>;

export const ingestInputSchema = z.object({
  abi: z.literal(ABI_VERSION),
  request: ingestRequestSchema,
  /** The integration's settings, defaults filled in. */
  configuration: z.record(z.string(), z.unknown()),
});
export type IngestInput = z.infer<typeof ingestInputSchema>;

/** The answer that a sender needs instead of the plain 202. */
export const ingestAnswerSchema = z.strictObject({
  status: z.union([z.literal(200), z.literal(201), z.literal(202), z.literal(204)]),
  contentType: z.enum(['application/json', 'text/plain']).default('application/json'),
  body: z.string().max(16_384).default(''),
});

export const issueSchema = z.object({ path: z.string().max(512), message: z.string().max(512) });
/** What is wrong with a body, and where; the sender reads it. */
export type Issue = z.infer<typeof issueSchema>;

export const ingestOutputSchema = z.object({
  abi: z.literal(ABI_VERSION),
  result: z.discriminatedUnion('outcome', [
    z.object({
      outcome: z.literal('events'),
      events: z.array(eventPayloadSchema),
      answer: ingestAnswerSchema.optional(),
    }),
    /** Understood, and no event: a ping, a handshake, a state that is not an alert. */
    z.object({ outcome: z.literal('ignored'), reason: z.string().max(512), answer: ingestAnswerSchema.optional() }),
    /** Not this provider's payload; the sender gets 400 with the issues. */
    z.object({ outcome: z.literal('invalid'), reason: z.string().max(512), issues: z.array(issueSchema).max(50) }),
  ]),
});
export type IngestOutput = z.infer<typeof ingestOutputSchema>;
export type IngestResult = IngestOutput['result'];

export const changeTypes = [
  'incident.opened',
  'incident.updated',
  'incident.acknowledged',
  'incident.resolved',
  'incident.reopened',
  'incident.unacknowledged',
] as const;
export const changeTypeSchema = z.enum(changeTypes);
/** What changes of an incident are called. */
export type ChangeType = z.infer<typeof changeTypeSchema>;

/** An incident as connectors and outgoing webhooks see it. */
export const incidentSnapshotSchema = z.object({
  id: z.string(),
  number: z.int(),
  status: z.enum(['open', 'acknowledged', 'resolved']),
  severity: severitySchema,
  summary: z.string(),
  source: z.string(),
  dedupKey: z.string(),
  /** That of the integration by which it came in; absent in changes of before there was one. */
  environment: environmentSchema.optional(),
  integrationType: z.string(),
  service: z.object({ id: z.string(), name: z.string() }),
  openedAt: z.string(),
  acknowledgedAt: z.string().nullable(),
  resolvedAt: z.string().nullable(),
  eventCount: z.int(),
  url: z.string(),
  links: z.array(z.object({ href: z.string(), text: z.string().optional() })),
  customDetails: z.record(z.string(), z.unknown()),
});
/** An incident as it was after the change. */
export type IncidentSnapshot = z.infer<typeof incidentSnapshotSchema>;

/** One change of an incident: what subscriptions filter and what is delivered. */
export const changeSchema = z.object({
  id: z.string(),
  type: changeTypeSchema,
  occurredAt: z.string(),
  incident: incidentSnapshotSchema,
});
/** One change of an incident, as `deliver` gets it. */
export type Change = z.infer<typeof changeSchema>;

export const deliverInputSchema = z.object({
  abi: z.literal(ABI_VERSION),
  change: changeSchema,
  delivery: z.object({ id: z.string(), attempt: z.int() }),
  configuration: z.record(z.string(), z.unknown()),
});
export type DeliverInput = z.infer<typeof deliverInputSchema>;

/** Something outside that now stands for the incident: a ticket, an issue, a thread. */
export const linkedObjectSchema = z.object({
  key: z.string().min(1).max(128),
  href: z.string().max(2048),
  title: z.string().max(256).optional(),
});
/** Something outside that now stands for the incident: a ticket, an issue, a thread. */
export type LinkedObject = z.infer<typeof linkedObjectSchema>;

export const deliverOutputSchema = z.object({
  abi: z.literal(ABI_VERSION),
  result: z.discriminatedUnion('outcome', [
    z.object({
      outcome: z.literal('delivered'),
      note: z.string().max(512).optional(),
      linked: linkedObjectSchema.optional(),
    }),
    z.object({ outcome: z.literal('skipped'), reason: z.string().max(512) }),
    /** The plugin asks for another attempt, after `retryAfterSeconds` if given. */
    z.object({
      outcome: z.literal('retry'),
      reason: z.string().max(512),
      retryAfterSeconds: z.number().min(0).max(86_400).optional(),
      /** Numbers of the asks whose answers call for another attempt, beyond those that do so by themselves. */
      answers: z.array(z.int().min(0)).max(sandboxLimits.asksPerCall).optional(),
    }),
    /** No attempt can succeed: dead letter at once. */
    z.object({ outcome: z.literal('failed'), reason: z.string().max(512) }),
  ]),
});
export type DeliverOutput = z.infer<typeof deliverOutputSchema>;
/** What `deliver` gives: what one of `delivered`, `skipped`, `retry` and `failed` makes. */
export type DeliverResult = DeliverOutput['result'];

/** An uncaught error of the plugin; the stack points into the author's TypeScript. */
export const pluginErrorSchema = z.object({
  name: z.string().max(128),
  message: z.string().max(4096),
  stack: z.string().max(8192).optional(),
  code: z.string().max(64).optional(),
});
export type PluginError = z.infer<typeof pluginErrorSchema>;
