import { z } from 'zod';
import { environmentSchema } from '../manifest.ts';
import { eventPayloadSchema } from '../event-payload.ts';
import { eventRuleSchema, eventRulesSchema } from '../event-rules.ts';
import { issueSchema } from '../envelopes.ts';

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
  sampleCurl: z.string().nullable(),
  settings: z.record(z.string(), z.unknown()),
  signature: z.object({
    supported: z.boolean(),
    vendorScheme: z.string().nullable(),
    secretSet: z.boolean(),
    required: z.boolean(),
  }),
  ipAllow: z.array(z.string()),
  ratePerMinute: z.int(),
  /** What is done to the plugin's events, in this order. */
  rules: z.array(eventRuleSchema),
  installationId: z.string(),
  pluginVersion: z.string(),
  createdAt: z.string(),
  lastRequestAt: z.string().nullable(),
  counts: z.object({ received: z.int(), accepted: z.int(), refused: z.int(), pending: z.int() }),
});
export type Integration = z.infer<typeof integrationSchema>;

export const integrationInputSchema = z.object({
  type: z.string().min(1).max(40),
  name: z.string().min(1).max(80),
  serviceId: z.string().optional(),
  environment: environmentSchema.default('production'),
  settings: z.record(z.string(), z.unknown()).default({}),
  signatureSecret: z.string().min(8).max(1024).optional(),
  signatureRequired: z.boolean().default(false),
  ipAllow: z.array(z.string().max(64)).max(100).default([]),
  ratePerMinute: z.int().min(1).max(100_000).default(100),
  rules: eventRulesSchema.default([]),
});

export const integrationPatchSchema = z.object({
  name: z.string().min(1).max(80).optional(),
  serviceId: z.string().optional(),
  settings: z.record(z.string(), z.unknown()).optional(),
  /** null removes the secret. */
  signatureSecret: z.string().min(8).max(1024).nullable().optional(),
  signatureRequired: z.boolean().optional(),
  ipAllow: z.array(z.string().max(64)).max(100).optional(),
  ratePerMinute: z.int().min(1).max(100_000).optional(),
  /** All of them: what is not given is gone. */
  rules: eventRulesSchema.optional(),
  state: z.enum(['enabled', 'disabled']).optional(),
});

/** POST /api/integrations/:id/rotate-key {overlapHours}: the old key works until the overlap ends. */
export const rotateKeyInputSchema = z.object({ overlapHours: z.int().min(0).max(168).default(24) });

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

/** GET /api/integrations/:id/requests, GET /api/requests/:id, POST /api/requests/:id/replay. */
export const requestDetailSchema = requestSummarySchema.extend({
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
export const tryRulesInputSchema = z.union([
  z.strictObject({ rules: eventRulesSchema, requestId: z.string() }),
  z.strictObject({ rules: eventRulesSchema, event: eventPayloadSchema }),
]);
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
