import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const related = z.looseObject({ data: z.looseObject({ id: scalar.optional() }).nullish() }).nullish();

/** https://betterstack.com/docs/uptime/webhooks/ (JSON:API documents) */
export const incidentSchema = z.looseObject({
  event: scalar.optional(),
  data: z.looseObject({
    id: z.union([z.string(), z.number()]),
    type: z.literal('incident'),
    attributes: z.looseObject({
      name: scalar.optional(),
      url: scalar.optional(),
      http_method: scalar.optional(),
      cause: scalar.optional(),
      status: scalar.optional(),
      started_at: scalar.optional(),
      acknowledged_at: scalar.optional(),
      acknowledged_by: scalar.optional(),
      resolved_at: scalar.optional(),
      resolved_by: scalar.optional(),
      team_name: scalar.optional(),
      origin_url: scalar.optional(),
      incident_url: scalar.optional(),
      response_url: scalar.optional(),
      screenshot_url: scalar.optional(),
      regions: z.array(scalar).nullish(),
      critical_alert: scalar.optional(),
    }),
    relationships: z.looseObject({ monitor: related, heartbeat: related }).nullish(),
  }),
});

/** Every other resource: monitors, heartbeats, on-call calendars. */
export const resourceSchema = z.looseObject({ data: z.looseObject({ type: z.string() }) });
