import { z } from 'zod';
import { changeTypeSchema } from '../envelopes.ts';
import { environmentSchema } from '../manifest.ts';
import { severitySchema } from '../event-payload.ts';

/** queued -> running -> delivered | retrying -> ... -> dead; waiting (open asks), skipped (filter), cancelled. */
export const deliveryStates = [
  'queued',
  'running',
  'waiting',
  'retrying',
  'delivered',
  'dead',
  'skipped',
  'cancelled',
] as const;
export const deliveryStateSchema = z.enum(deliveryStates);
export type DeliveryState = z.infer<typeof deliveryStateSchema>;

export const destinationStates = ['active', 'paused', 'attention', 'disabled'] as const;

/** GET /api/deliveries?state=&destinationId=&incidentId=&changeType=&cursor= */
export const deliverySchema = z.object({
  id: z.string(),
  destinationId: z.string(),
  destinationName: z.string(),
  destinationKind: z.enum(['connector', 'webhook']),
  /** Nothing goes out while it is not active, also when an attempt is due. */
  destinationState: z.enum(destinationStates),
  incidentId: z.string(),
  incidentNumber: z.int(),
  summary: z.string(),
  changeType: changeTypeSchema,
  state: deliveryStateSchema,
  attempts: z.int(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  nextAttemptAt: z.string().nullable(),
  code: z.string().nullable(),
  message: z.string().nullable(),
  linked: z.object({ key: z.string(), href: z.string() }).nullable(),
});
export type Delivery = z.infer<typeof deliverySchema>;

/** A request that the plugin or the webhook sender made. Credentials never appear. */
export const outgoingRequestSchema = z.object({
  ask: z.int(),
  method: z.string(),
  url: z.string(),
  requestBody: z.string().nullable(),
  sentAt: z.string().nullable(),
  durationMs: z.number().nullable(),
  status: z.int().nullable(),
  code: z.string().nullable(),
  responseBody: z.string().nullable(),
});
export type OutgoingRequest = z.infer<typeof outgoingRequestSchema>;

export const attemptSchema = z.object({
  number: z.int(),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  outcome: z.enum(['running', 'delivered', 'skipped', 'retry', 'failed', 'abandoned']),
  code: z.string().nullable(),
  message: z.string().nullable(),
  cpuMicros: z.int(),
  logs: z.array(z.object({ level: z.string(), message: z.string() })),
  requests: z.array(outgoingRequestSchema),
});
export type Attempt = z.infer<typeof attemptSchema>;

/** GET /api/deliveries/:id; GET /api/deliveries/:id/export (exported-call.ts); POST /api/deliveries/:id/replay {mode: resume|from-nothing}; POST /api/deliveries/:id/cancel. */
export const deliveryDetailSchema = deliverySchema.extend({
  plugin: z.string().nullable(),
  pluginVersion: z.string().nullable(),
  change: z.unknown(),
  attemptList: z.array(attemptSchema),
});
export type DeliveryDetail = z.infer<typeof deliveryDetailSchema>;

export const replayInputSchema = z.object({ mode: z.enum(['resume', 'from-nothing']).default('resume') });

/** What a destination wants to hear of. Empty lists mean: all. */
export const subscriptionFilterSchema = z.object({
  changeTypes: z.array(changeTypeSchema).default([]),
  severities: z.array(severitySchema).default([]),
  serviceIds: z.array(z.string()).default([]),
  integrationTypes: z.array(z.string()).default([]),
});
export type SubscriptionFilter = z.infer<typeof subscriptionFilterSchema>;

/** GET, POST /api/subscriptions {installationId, name, filter}: a connector hears of changes. PATCH, DELETE /:id. */
export const subscriptionInputSchema = z.object({
  installationId: z.string(),
  name: z.string().min(1).max(80),
  filter: subscriptionFilterSchema.prefault({}),
});

export const destinationSchema = z.object({
  id: z.string(),
  kind: z.enum(['connector', 'webhook']),
  name: z.string(),
  environment: environmentSchema,
  state: z.enum(destinationStates),
  stateReason: z.string().nullable(),
  filter: subscriptionFilterSchema,
  installationId: z.string().nullable(),
  plugin: z.string().nullable(),
  url: z.string().nullable(),
  headers: z.record(z.string(), z.string()),
  /** How often a delivery is tried before it is dead. */
  maxAttempts: z.int(),
  createdAt: z.string(),
  counts: z.object({ delivered: z.int(), retrying: z.int(), dead: z.int(), waiting: z.int() }),
});
export type Destination = z.infer<typeof destinationSchema>;

const maxAttemptsSchema = z.int().min(1).max(20);

/** GET, POST /api/webhooks; PATCH, DELETE /api/webhooks/:id; POST /api/webhooks/:id/{rotate-secret,test}; also under /api/integrations/webhooks. */
export const webhookInputSchema = z.object({
  name: z.string().min(1).max(80),
  url: z.url({ protocol: /^https?$/ }).max(2048),
  environment: environmentSchema.default('production'),
  filter: subscriptionFilterSchema.prefault({}),
  headers: z.record(z.string().regex(/^[A-Za-z0-9-]{1,64}$/), z.string().max(1024)).default({}),
  maxAttempts: maxAttemptsSchema.optional(),
});
export const webhookPatchSchema = z.object({
  name: z.string().min(1).max(80).optional(),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .optional(),
  filter: subscriptionFilterSchema.optional(),
  headers: z.record(z.string().regex(/^[A-Za-z0-9-]{1,64}$/), z.string().max(1024)).optional(),
  maxAttempts: maxAttemptsSchema.optional(),
  state: z.enum(['active', 'paused']).optional(),
});
/** The secret (`whsec_...`) is shown when the webhook is made and when it is rotated. */
export const webhookCreatedSchema = destinationSchema.extend({ secret: z.string() });
