import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const id = z.union([z.string(), z.number()]);
const page = z.looseObject({ id: scalar.optional(), name: scalar.optional(), url: scalar.optional() }).nullish();
const meta = z.looseObject({ unsubscribe: scalar.optional(), documentation: scalar.optional() }).nullish();

const notice = z.looseObject({
  id,
  name: scalar.optional(),
  status: z.string(),
  impact: scalar.optional(),
  shortlink: scalar.optional(),
  url: scalar.optional(),
  created_at: scalar.optional(),
  updated_at: scalar.optional(),
  resolved_at: scalar.optional(),
  incident_updates: z.array(z.looseObject({ body: scalar.optional(), status: scalar.optional() })).nullish(),
  components: z.array(z.looseObject({ name: scalar.optional(), status: scalar.optional() })).nullish(),
});

/** https://support.atlassian.com/statuspage/docs/enable-webhook-notifications/ */
export const incidentSchema = z.looseObject({ meta, page, incident: notice });

/** Instatus and Better Stack send planned work as an object of its own. */
export const maintenanceSchema = z.looseObject({ meta, page, maintenance: notice });

export const componentSchema = z.looseObject({
  meta,
  page,
  component_update: z
    .looseObject({
      component_id: scalar.optional(),
      new_status: scalar.optional(),
      old_status: scalar.optional(),
      created_at: scalar.optional(),
    })
    .nullish(),
  component: z
    .looseObject({
      id: scalar.optional(),
      name: scalar.optional(),
      status: scalar.optional(),
      description: scalar.optional(),
    })
    .nullish(),
});
