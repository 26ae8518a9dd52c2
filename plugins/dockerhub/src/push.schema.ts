import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** https://docs.docker.com/docker-hub/repos/manage/webhooks/ */
export const pushSchema = z.looseObject({
  push_data: z.union([
    z.null(),
    z.looseObject({ tag: scalar.optional(), pusher: scalar.optional(), pushed_at: scalar.optional() }),
  ]),
  repository: z.looseObject({
    repo_name: scalar.optional(),
    namespace: scalar.optional(),
    name: scalar.optional(),
    repo_url: scalar.optional(),
  }),
});
