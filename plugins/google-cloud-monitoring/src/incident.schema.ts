import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const typed = z
  .looseObject({
    type: scalar.optional(),
    displayName: scalar.optional(),
    labels: z.record(z.string(), z.unknown()).nullish(),
  })
  .nullish();

/** https://cloud.google.com/monitoring/support/notification-options#schema-webhooks, versions 1.0 to 1.2 */
export const incidentMessageSchema = z.looseObject({
  version: scalar.optional(),
  incident: z.looseObject({
    incident_id: scalar.optional(),
    state: z.string(),
    severity: scalar.optional(),
    summary: scalar.optional(),
    started_at: scalar.optional(),
    ended_at: scalar.optional(),
    policy_name: scalar.optional(),
    condition_name: scalar.optional(),
    resource_id: scalar.optional(),
    resource_name: scalar.optional(),
    resource_display_name: scalar.optional(),
    resource_type_display_name: scalar.optional(),
    scoping_project_id: scalar.optional(),
    scoping_project_number: scalar.optional(),
    observed_value: scalar.optional(),
    threshold_value: scalar.optional(),
    url: scalar.optional(),
    resource: typed,
    metric: typed,
    // The parts of the condition and of the metadata are kept as they come.
    policy_user_labels: z.record(z.string(), z.unknown()).nullish(),
    documentation: z
      .union([
        scalar,
        z.looseObject({
          content: scalar.optional(),
          subject: scalar.optional(),
          links: z.array(z.looseObject({ displayName: scalar.optional(), url: scalar.optional() })).nullish(),
        }),
      ])
      .optional(),
  }),
});

export type IncidentMessage = z.infer<typeof incidentMessageSchema>;
export type Incident = IncidentMessage['incident'];

/** A push of Pub/Sub: the notification stands in it as base64. */
export const pushSchema = z.looseObject({
  message: z.looseObject({ data: z.string() }),
  subscription: scalar.optional(),
});
