import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const named = z
  .looseObject({ summary: scalar.optional(), name: scalar.optional(), html_url: scalar.optional() })
  .nullish();

const incident = z.looseObject({
  id: z.union([z.string(), z.number()]),
  title: scalar.optional(),
  summary: scalar.optional(),
  description: scalar.optional(),
  html_url: scalar.optional(),
  incident_key: scalar.optional(),
  created_at: scalar.optional(),
  created_on: scalar.optional(),
  urgency: scalar.optional(),
  status: scalar.optional(),
  priority: named,
  service: named,
  trigger_summary_data: z.looseObject({ subject: scalar.optional(), description: scalar.optional() }).nullish(),
});

/** https://developer.pagerduty.com/docs/webhooks/v3-overview/ */
export const v3Schema = z.looseObject({
  event: z.looseObject({ event_type: z.string(), occurred_at: scalar.optional(), data: z.unknown().optional() }),
});
export const v3IncidentSchema = z.looseObject({ event: z.looseObject({ data: incident }) });

/** Version 2 (`event`) and version 1 (`type`, the incident under `data`) of the webhooks, several in one request. */
export const messagesSchema = z.looseObject({
  messages: z.array(
    z.looseObject({
      event: scalar.optional(),
      type: scalar.optional(),
      created_on: scalar.optional(),
      incident: incident.nullish(),
      data: z.looseObject({ incident: incident.nullish() }).nullish(),
    }),
  ),
});

export type Incident = z.infer<typeof incident>;
