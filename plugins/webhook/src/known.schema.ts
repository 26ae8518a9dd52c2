import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const words = z.union([z.string(), z.number()]);
const links = z.array(z.looseObject({ href: scalar.optional(), text: scalar.optional() })).nullish();
const images = z
  .array(z.looseObject({ src: scalar.optional(), alt: scalar.optional(), href: scalar.optional() }))
  .nullish();
const labels = {
  source: scalar.optional(),
  severity: scalar.optional(),
  timestamp: scalar.optional(),
  component: scalar.optional(),
  group: scalar.optional(),
  class: scalar.optional(),
  custom_details: z.unknown().optional(),
};

const envelope = { links, images, client: scalar.optional(), client_url: scalar.optional() };

/**
 * Patchbay's own events and PagerDuty's Events API v2, which they resemble:
 * https://developer.pagerduty.com/docs/events-api-v2/trigger-events/
 */
export const triggerSchema = z.looseObject({
  event_action: z.literal('trigger'),
  dedup_key: scalar.optional(),
  payload: z.looseObject({ summary: words, ...labels }),
  ...envelope,
});

export const closeSchema = z.looseObject({
  event_action: z.enum(['acknowledge', 'resolve']),
  dedup_key: words,
  payload: z.looseObject({ summary: scalar.optional(), ...labels }).nullish(),
  ...envelope,
});

/** For the message that names the action, when it is neither of the above. */
export const actionSchema = z.looseObject({ event_action: z.enum(['trigger', 'acknowledge', 'resolve']) });

/** PagerDuty's Events API v1: https://developer.pagerduty.com/docs/events-api-v1/trigger-events/ */
export const eventsV1Schema = z.looseObject({
  event_type: z.enum(['trigger', 'acknowledge', 'resolve']),
  incident_key: scalar.optional(),
  description: scalar.optional(),
  details: z.unknown().optional(),
  client: scalar.optional(),
  client_url: scalar.optional(),
});

/** Grafana OnCall's formatted webhook: https://grafana.com/docs/oncall/latest/integrations/webhook/ */
export const onCallSchema = z.looseObject({
  alert_uid: words,
  state: z.enum(['alerting', 'ok']).nullish(),
  title: scalar.optional(),
  message: scalar.optional(),
  image_url: scalar.optional(),
  link_to_upstream_details: scalar.optional(),
});
