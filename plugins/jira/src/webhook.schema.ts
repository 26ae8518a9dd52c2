import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const namedObject = z.looseObject({
  name: scalar.optional(),
  key: scalar.optional(),
  displayName: scalar.optional(),
  statusCategory: z.union([z.null(), z.looseObject({ id: scalar.optional(), key: scalar.optional() })]).optional(),
});
/** Jira's own example of a body has the name of the priority alone, as bodies that people wrote themselves do. */
const named = z.union([scalar, namedObject]);

/** https://developer.atlassian.com/cloud/jira/platform/webhooks/; old servers leave the name of the event out. */
export const webhookSchema = z.looseObject({
  timestamp: scalar.optional(),
  webhookEvent: scalar.optional(),
  issue_event_type_name: scalar.optional(),
  user: named.optional(),
  comment: z.unknown().optional(),
  changelog: z
    .union([z.null(), z.looseObject({ items: z.union([z.null(), z.array(z.unknown())]).optional() })])
    .optional(),
  issue: z
    .union([
      z.null(),
      z.looseObject({
        id: scalar.optional(),
        key: z.string(),
        self: scalar.optional(),
        fields: z
          .union([
            z.null(),
            z.looseObject({
              summary: scalar.optional(),
              status: named.optional(),
              priority: named.optional(),
              issuetype: named.optional(),
              project: named.optional(),
              resolution: named.optional(),
              assignee: named.optional(),
              labels: z.union([z.null(), z.array(scalar)]).optional(),
              updated: scalar.optional(),
              created: scalar.optional(),
            }),
          ])
          .optional(),
      }),
    ])
    .optional(),
});

export type NamedObject = z.infer<typeof namedObject>;
export type Named = z.infer<typeof named>;
export type WebhookMessage = z.infer<typeof webhookSchema>;
export type WebhookIssue = NonNullable<WebhookMessage['issue']>;
