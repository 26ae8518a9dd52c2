import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const repository = z.looseObject({
  full_name: z.string(),
  html_url: scalar.optional(),
  default_branch: scalar.optional(),
});

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#deployment_status */
export const deploymentStatusSchema = z.looseObject({
  repository,
  deployment_status: z.looseObject({
    state: scalar,
    environment: scalar.optional(),
    description: scalar.optional(),
    target_url: scalar.optional(),
    log_url: scalar.optional(),
    environment_url: scalar.optional(),
    updated_at: scalar.optional(),
  }),
  deployment: z
    .looseObject({ environment: scalar.optional(), ref: scalar.optional(), task: scalar.optional() })
    .nullish(),
});

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#status */
export const statusSchema = z.looseObject({
  repository,
  state: scalar,
  context: scalar.optional(),
  description: scalar.optional(),
  target_url: scalar.optional(),
  sha: scalar.optional(),
  updated_at: scalar.optional(),
  branches: z.array(z.looseObject({ name: scalar })).nullish(),
});
