import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/**
 * Cloud: https://developer.atlassian.com/cloud/confluence/modules/webhook/, Data Center:
 * https://confluence.atlassian.com/doc/managing-webhooks-1021225606.html. Beside these stands what it is about, under
 * its kind: page, comment, blog, space, attachment, label and others.
 */
export const confluenceSchema = z.looseObject({
  timestamp: scalar.optional(),
  event: scalar.optional(),
  webhookEvent: scalar.optional(),
  eventType: scalar.optional(),
  userAccountId: scalar.optional(),
  userKey: scalar.optional(),
});

export type ConfluenceMessage = z.infer<typeof confluenceSchema>;
