import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const id = z.union([z.string(), z.number()]);
const repository = z.looseObject({ full_name: z.string(), html_url: scalar.optional() });
const app = z.looseObject({ slug: scalar.optional(), name: scalar.optional() }).nullish();

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#workflow_run */
export const workflowRunSchema = z.looseObject({
  action: scalar.optional(),
  repository,
  workflow: z.looseObject({ id: id.nullish(), name: scalar.optional() }).nullish(),
  workflow_run: z.looseObject({
    // Forwarders shorten a run; its workflow or its name stands for the id then.
    workflow_id: id.nullish(),
    name: scalar.optional(),
    path: scalar.optional(),
    display_title: scalar.optional(),
    head_branch: scalar.optional(),
    head_sha: scalar.optional(),
    head_repository: z.looseObject({ full_name: scalar.optional() }).nullish(),
    conclusion: scalar.optional(),
    status: scalar.optional(),
    event: scalar.optional(),
    html_url: scalar.optional(),
    run_number: scalar.optional(),
    run_attempt: scalar.optional(),
    updated_at: scalar.optional(),
    actor: z.looseObject({ login: scalar.optional() }).nullish(),
  }),
});

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#workflow_job */
export const workflowJobSchema = z.looseObject({
  action: scalar.optional(),
  repository,
  workflow_job: z.looseObject({
    name: scalar,
    workflow_name: scalar.optional(),
    head_branch: scalar.optional(),
    head_sha: scalar.optional(),
    conclusion: scalar.optional(),
    status: scalar.optional(),
    html_url: scalar.optional(),
    runner_name: scalar.optional(),
    completed_at: scalar.optional(),
    steps: z.array(z.looseObject({ name: scalar.optional(), conclusion: scalar.optional() })).nullish(),
  }),
});

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#check_run */
export const checkRunSchema = z.looseObject({
  action: scalar.optional(),
  repository,
  check_run: z.looseObject({
    name: scalar,
    status: scalar.optional(),
    conclusion: scalar.optional(),
    head_sha: scalar.optional(),
    html_url: scalar.optional(),
    details_url: scalar.optional(),
    completed_at: scalar.optional(),
    output: z.looseObject({ title: scalar.optional(), summary: scalar.optional() }).nullish(),
    check_suite: z.looseObject({ head_branch: scalar.optional() }).nullish(),
    app,
  }),
});

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#check_suite */
export const checkSuiteSchema = z.looseObject({
  action: scalar.optional(),
  repository,
  check_suite: z.looseObject({
    status: scalar.optional(),
    conclusion: scalar.optional(),
    head_branch: scalar.optional(),
    head_sha: scalar.optional(),
    updated_at: scalar.optional(),
    app,
  }),
});
