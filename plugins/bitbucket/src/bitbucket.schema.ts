import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const link = z.looseObject({ href: scalar.optional() }).nullish();
const links = z.looseObject({ html: link }).nullish();

const repository = z.looseObject({ full_name: z.string(), links });

/** https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/#Build-status-created */
export const commitStatusSchema = z.looseObject({
  repository,
  commit_status: z.looseObject({
    state: z.string(),
    key: z.union([z.string(), z.number()]),
    name: scalar.optional(),
    refname: scalar.optional(),
    description: scalar.optional(),
    url: scalar.optional(),
    updated_on: scalar.optional(),
  }),
});

/** https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/#Issue-events */
export const issueSchema = z.looseObject({
  repository,
  issue: z.looseObject({
    id: z.union([z.string(), z.number()]),
    title: scalar.optional(),
    state: scalar.optional(),
    priority: scalar.optional(),
    kind: scalar.optional(),
    updated_on: scalar.optional(),
    links,
  }),
  changes: z
    .looseObject({ status: z.looseObject({ old: scalar.optional(), new: scalar.optional() }).nullish() })
    .nullish(),
});
