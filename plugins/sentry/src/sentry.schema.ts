import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const id = z.union([z.string(), z.number()]);
// A name, an object with a name, or a bare id, depending on the resource.
const project = z.union([scalar, z.looseObject({ slug: scalar.optional(), name: scalar.optional() })]);

const common = { action: scalar.optional(), installation: z.unknown().optional(), actor: z.unknown().optional() };

const issue = z.looseObject({
  id,
  title: scalar.optional(),
  culprit: scalar.optional(),
  level: scalar.optional(),
  shortId: scalar.optional(),
  permalink: scalar.optional(),
  web_url: scalar.optional(),
  platform: scalar.optional(),
  status: scalar.optional(),
  substatus: scalar.optional(),
  firstSeen: scalar.optional(),
  lastSeen: scalar.optional(),
  count: scalar.optional(),
  userCount: scalar.optional(),
  project: project.optional(),
});

/** https://docs.sentry.io/organization/integrations/integration-platform/webhooks/issues/ */
export const issueSchema = z.looseObject({ ...common, action: z.string(), data: z.looseObject({ issue }) });

/** https://docs.sentry.io/integrations/integration-platform/webhooks/activity-alerts/ */
export const activityAlertSchema = z.looseObject({
  ...common,
  data: z.looseObject({ issue, activity: z.looseObject({ type: scalar.optional() }).nullish() }),
});

const event = z.looseObject({
  event_id: scalar.optional(),
  issue_id: scalar.optional(),
  groupID: scalar.optional(),
  issue_url: scalar.optional(),
  web_url: scalar.optional(),
  url: scalar.optional(),
  title: scalar.optional(),
  message: scalar.optional(),
  culprit: scalar.optional(),
  level: scalar.optional(),
  platform: scalar.optional(),
  environment: scalar.optional(),
  release: z.unknown().optional(),
  datetime: scalar.optional(),
  project: project.optional(),
});

/** https://docs.sentry.io/organization/integrations/integration-platform/webhooks/issue-alerts/ */
export const eventAlertSchema = z.looseObject({
  ...common,
  data: z.looseObject({ event, triggered_rule: scalar.optional() }),
});

/** https://docs.sentry.io/organization/integrations/integration-platform/webhooks/errors/ */
export const errorSchema = z.looseObject({ ...common, data: z.looseObject({ error: event }) });

/** https://docs.sentry.io/organization/integrations/integration-platform/webhooks/metric-alerts/ */
export const metricAlertSchema = z.looseObject({
  ...common,
  action: z.string(),
  data: z.looseObject({
    metric_alert: z.looseObject({
      id,
      title: scalar.optional(),
      organization_id: scalar.optional(),
      date_started: scalar.optional(),
      projects: z.array(scalar).nullish(),
      alert_rule: z
        .looseObject({ name: scalar.optional(), aggregate: scalar.optional(), query: scalar.optional() })
        .nullish(),
    }),
    description_title: scalar.optional(),
    description_text: scalar.optional(),
    web_url: scalar.optional(),
  }),
});

/** The WebHooks plugin of old Sentry servers; it has no action and never says that something is over. */
export const legacySchema = z.looseObject({
  // Some versions have it in the address alone.
  id: id.nullish(),
  url: scalar.optional(),
  level: scalar.optional(),
  message: scalar.optional(),
  culprit: scalar.optional(),
  logger: scalar.optional(),
  project: scalar.optional(),
  project_name: scalar.optional(),
  project_slug: scalar.optional(),
  event: z
    .looseObject({
      title: scalar.optional(),
      message: scalar.optional(),
      culprit: scalar.optional(),
      level: scalar.optional(),
      platform: scalar.optional(),
      environment: scalar.optional(),
      metadata: z.looseObject({ title: scalar.optional(), value: scalar.optional() }).nullish(),
    })
    .nullish(),
});

/** https://docs.sentry.io/api/projects/register-a-new-service-hook/: one occurrence with the issue that it belongs to. */
export const serviceHookSchema = z.looseObject({
  project,
  group: z.looseObject({
    id,
    title: scalar.optional(),
    level: scalar.optional(),
    culprit: scalar.optional(),
    url: scalar.optional(),
  }),
  event: event.nullish(),
});
