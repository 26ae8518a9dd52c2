import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** https://docs.travis-ci.com/user/notifications/#configuring-webhook-notifications */
export const buildSchema = z.looseObject({
  repository: z.looseObject({
    id: scalar.optional(),
    name: scalar.optional(),
    owner_name: scalar.optional(),
    url: scalar.optional(),
  }),
  branch: scalar.optional(),
  tag: scalar.optional(),
  type: scalar.optional(),
  pull_request: scalar.optional(),
  pull_request_number: scalar.optional(),
  number: scalar.optional(),
  state: scalar.optional(),
  status: scalar.optional(),
  result: scalar.optional(),
  status_message: scalar.optional(),
  result_message: scalar.optional(),
  message: scalar.optional(),
  build_url: scalar.optional(),
  compare_url: scalar.optional(),
  finished_at: scalar.optional(),
  author_name: scalar.optional(),
});
