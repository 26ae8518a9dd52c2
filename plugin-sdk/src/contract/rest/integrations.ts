import { z } from 'zod';
import { environmentSchema } from '../manifest.ts';
import { eventPayloadSchema } from '../event-payload.ts';
import { eventRuleSchema, eventRulesSchema } from '../event-rules.ts';
import { issueSchema } from '../envelopes.ts';
import { ingestLimits } from '../limits.ts';
import { ownSignatureSchema } from '../own-signature.ts';
import { senderResponseSchema } from './sender-response.ts';

/** GET, POST /api/services; GET, PATCH, DELETE /api/services/:id. */
export const serviceSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  isDefault: z.boolean(),
  integrationCount: z.int(),
  openIncidents: z.int(),
  createdAt: z.string(),
});
export type Service = z.infer<typeof serviceSchema>;
export const serviceInputSchema = z.object({
  name: z.string().min(1).max(80),
  description: z.string().max(500).default(''),
});

/** GET, POST /api/integrations; GET, PATCH, DELETE /api/integrations/:id. */
export const integrationSchema = z.object({
  id: z.string(),
  type: z.string(),
  name: z.string(),
  serviceId: z.string(),
  serviceName: z.string(),
  environment: environmentSchema,
  state: z.enum(['enabled', 'disabled']),
  /** Where the sender posts to, with the integration's id. */
  url: z.string(),
  /** For members and above; null for viewers. */
  key: z.string().nullable(),
  /** Until when the key before it works as well; null when there is only one. */
  olderKeyUntil: z.string().nullable(),
  sampleCurl: z.string().nullable(),
  settings: z.record(z.string(), z.unknown()),
  signature: z.object({
    supported: z.boolean(),
    vendorScheme: z.string().nullable(),
    secretSet: z.boolean(),
    /** Until when the secret before it is taken as well; null when there is only one. */
    olderSecretUntil: z.string().nullable(),
    required: z.boolean(),
    /** The form that the operator has named; it stands instead of the vendor's scheme. */
    own: ownSignatureSchema.nullable(),
  }),
  ipAllow: z.array(z.string()),
  ipDeny: z.array(z.string()),
  /** Only addresses that the vendor publishes, and those of `ipAllow`. */
  publishedOnly: z.boolean(),
  /** What the vendor publishes of its addresses; null when it publishes nothing that can be read. */
  published: z
    .object({
      urls: z.array(z.string()),
      /** How many addresses and blocks are known. */
      count: z.int(),
      fetchedAt: z.string().nullable(),
      /** Why the last attempt failed; the addresses of the one before are kept. */
      failure: z.string().nullable(),
    })
    .nullable(),
  ratePerMinute: z.int(),
  /** Whether its silence and its failures open incidents. */
  watch: z.boolean(),
  /** How many may come at once; null: as many as in a minute. */
  burst: z.int().nullable(),
  /** Null: the request's id and its number of events. */
  response: senderResponseSchema.nullable(),
  /** A JSON Schema that a body has to fit before the plugin gets it. */
  bodySchema: z.record(z.string(), z.unknown()).nullable(),
  /** What is done to the plugin's events, in this order. */
  rules: z.array(eventRuleSchema),
  installationId: z.string(),
  pluginVersion: z.string(),
  createdAt: z.string(),
  lastRequestAt: z.string().nullable(),
  counts: z.object({ received: z.int(), accepted: z.int(), refused: z.int(), pending: z.int() }),
});
export type Integration = z.infer<typeof integrationSchema>;

/** Addresses and CIDR blocks, IPv4 and IPv6. */
const addressesSchema = z.array(z.string().max(64)).max(100);
const bodySchemaSchema = z
  .record(z.string(), z.unknown())
  .refine(
    (schema) => new TextEncoder().encode(JSON.stringify(schema)).length <= ingestLimits.schemaBytes,
    `Expected at most ${ingestLimits.schemaBytes} bytes`,
  );
const rateSchema = z.int().min(1).max(100_000);

export const integrationInputSchema = z.object({
  type: z.string().min(1).max(40),
  name: z.string().min(1).max(80),
  serviceId: z.string().optional(),
  environment: environmentSchema.default('production'),
  settings: z.record(z.string(), z.unknown()).default({}),
  signatureSecret: z.string().min(8).max(1024).optional(),
  signatureRequired: z.boolean().default(false),
  /** How the sender signs, where it is the operator's own; null: as the plugin declares. */
  ownSignature: ownSignatureSchema.nullable().default(null),
  watch: z.boolean().default(true),
  /** Empty: every address. */
  ipAllow: addressesSchema.default([]),
  /** Wins over what is allowed. */
  ipDeny: addressesSchema.default([]),
  publishedOnly: z.boolean().default(false),
  ratePerMinute: rateSchema.default(100),
  burst: rateSchema.nullable().default(null),
  response: senderResponseSchema.nullable().default(null),
  bodySchema: bodySchemaSchema.nullable().default(null),
  rules: eventRulesSchema.default([]),
});

export const integrationPatchSchema = z.object({
  name: z.string().min(1).max(80).optional(),
  serviceId: z.string().optional(),
  settings: z.record(z.string(), z.unknown()).optional(),
  /** Takes the place of the secret at once; null removes it. To change it without a gap, rotate it. */
  signatureSecret: z.string().min(8).max(1024).nullable().optional(),
  signatureRequired: z.boolean().optional(),
  ownSignature: ownSignatureSchema.nullable().optional(),
  watch: z.boolean().optional(),
  ipAllow: addressesSchema.optional(),
  ipDeny: addressesSchema.optional(),
  publishedOnly: z.boolean().optional(),
  ratePerMinute: rateSchema.optional(),
  burst: rateSchema.nullable().optional(),
  response: senderResponseSchema.nullable().optional(),
  bodySchema: bodySchemaSchema.nullable().optional(),
  /** All of them: what is not given is gone. */
  rules: eventRulesSchema.optional(),
  state: z.enum(['enabled', 'disabled']).optional(),
});

/** POST /api/integrations/:id/rotate-key {overlapHours}: the old key works until the overlap ends. */
export const rotateKeyInputSchema = z.object({ overlapHours: z.int().min(0).max(168).default(24) });

const healthStatuses = ['healthy', 'degraded', 'unhealthy'] as const;
const totals = {
  totalReceived: z.int(),
  totalSuccess: z.int(),
  totalErrors: z.int(),
  /** In percent, with two decimals; 100 when nothing came. */
  successRate: z.number(),
  averageLatencyMs: z.number(),
};

/**
 * GET /api/integrations/health: how well alerts come in. Counted are requests with a valid key or signature; who is
 * turned away at the door without one makes nothing unhealthy. A request is a success when its plugin understood it,
 * an error when it was invalid, over its rate, or its plugin failed on it; one that still waits for its first attempt
 * is neither.
 */
export const healthSchema = z.object({
  /** Of `recent`: from 95 % healthy, from 80 % degraded; at best degraded while an integration is unhealthy or alerts. */
  status: z.enum(healthStatuses),
  /** Over all time. */
  global: z.object(totals),
  /** Over all time, by type in upper case, in alphabetical order. */
  byType: z.record(z.string(), z.object(totals)),
  /** The running hour and those before it, of integrations that are enabled. */
  recent: z.object({
    hours: z.int(),
    received: z.int(),
    success: z.int(),
    errors: z.int(),
    successRate: z.number(),
    averageLatencyMs: z.number(),
    turnedAway: z.int(),
  }),
  /** Each over the same hours, what needs attention first. */
  integrations: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      type: z.string(),
      /** `idle`: nothing came. `paused`: it is disabled. */
      status: z.enum([...healthStatuses, 'idle', 'paused']),
      received: z.int(),
      success: z.int(),
      errors: z.int(),
      successRate: z.number(),
      averageLatencyMs: z.number(),
      turnedAway: z.int(),
      /** Incidents that the watch has opened and that are not resolved. */
      alerts: z.array(z.object({ kind: z.enum(['silent', 'failing']), incidentId: z.string(), since: z.string() })),
    }),
  ),
});
export type Health = z.infer<typeof healthSchema>;

/** GET /api/integrations/:id/history?hours=24: every hour, oldest first, the running one last. */
export const historySchema = z.object({
  hours: z.array(
    z.object({
      /** When it began. */
      hour: z.string(),
      received: z.int(),
      success: z.int(),
      /** All that failed: `invalid`, `refused`, and what its plugin could not deal with. */
      errors: z.int(),
      /** Called invalid by the plugin. */
      invalid: z.int(),
      /** Over the rate. */
      refused: z.int(),
      /** How often the plugin failed, each attempt counted. */
      pluginErrors: z.int(),
      /** Refused at the door without a valid key or signature; in none of the other numbers. */
      turnedAway: z.int(),
      averageLatencyMs: z.number(),
    }),
  ),
});
export type History = z.infer<typeof historySchema>;

/** POST /api/integrations/:id/rotate-secret: a new signature secret; the old one is taken until the overlap ends. */
export const rotateSecretInputSchema = z.object({
  secret: z.string().min(8).max(1024),
  overlapHours: z.int().min(0).max(168).default(24),
});

/**
 * A request that came in.
 *
 *   accepted  its events are stored        pending  its plugin failed or was slow; it is tried again
 *   ignored   understood, no event         dead     no attempt succeeded; fix the plugin and replay
 *   invalid   refused by the plugin        refused  refused at the door (key, signature, rate, address)
 */
export const requestStates = ['accepted', 'ignored', 'invalid', 'refused', 'pending', 'dead'] as const;
export const requestSummarySchema = z.object({
  id: z.string(),
  integrationId: z.string(),
  receivedAt: z.string(),
  method: z.string(),
  state: z.enum(requestStates),
  /** The status the sender got. */
  status: z.int(),
  code: z.string().nullable(),
  reason: z.string().nullable(),
  eventCount: z.int(),
  bodyBytes: z.int(),
  durationMs: z.number(),
  remoteAddress: z.string(),
  plugin: z.string().nullable(),
  pluginVersion: z.string().nullable(),
});
export type RequestSummary = z.infer<typeof requestSummarySchema>;

/**
 * GET /api/integrations/:id/requests, GET /api/requests/:id, POST /api/requests/:id/replay, and
 * POST /api/requests/:id/reveal for what came, with its secrets: for members, and written down.
 */
export const requestDetailSchema = requestSummarySchema.extend({
  /** Secrets in headers, query, body or logs are hidden here. */
  redacted: z.boolean(),
  headers: z.record(z.string(), z.string()),
  query: z.record(z.string(), z.array(z.string())),
  contentType: z.string(),
  body: z.object({ text: z.string() }).or(z.object({ base64: z.string() })),
  issues: z.array(issueSchema),
  logs: z.array(z.object({ level: z.string(), message: z.string() })),
  attempts: z.int(),
  events: z.array(
    z.object({
      id: z.string(),
      action: z.string(),
      dedupKey: z.string(),
      severity: z.string().nullable(),
      summary: z.string().nullable(),
      effect: z.string(),
      incidentId: z.string().nullable(),
    }),
  ),
});
export type RequestDetail = z.infer<typeof requestDetailSchema>;

/** POST /api/integrations/:id/test: sends the plugin's sample payload (or the given body) through the door. */
export const testEventInputSchema = z.object({
  body: z.string().max(1_048_576).optional(),
  contentType: z.string().max(100).optional(),
});
export const testEventResultSchema = z.object({ requestId: z.string(), status: z.int(), response: z.unknown() });

/** POST /api/integrations/:id/rules/try: what rules would do to the events of a request of the log, or to one event. */
export const tryRulesInputSchema = z
  .strictObject({ rules: eventRulesSchema, requestId: z.string().optional(), event: eventPayloadSchema.optional() })
  .refine(({ requestId, event }) => (requestId === undefined) !== (event === undefined), {
    path: ['requestId'],
    error: 'Expected either requestId, a request of the log, or event',
  });
export const rulesTriedSchema = z.object({
  events: z.array(
    z.object({
      before: eventPayloadSchema,
      /** Null when it was dropped. */
      after: eventPayloadSchema.nullable(),
      droppedBy: z.string().nullable(),
      changedBy: z.array(z.string()),
      /** Rules that failed on it and were left out. */
      errors: z.array(z.object({ rule: z.string(), message: z.string() })),
    }),
  ),
  /** The rules broke the limits of a run; at the door the request would stay pending. */
  stopped: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** Why there are no events. */
  reason: z.string().nullable(),
});
export type RulesTried = z.infer<typeof rulesTriedSchema>;
