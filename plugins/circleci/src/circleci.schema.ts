import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const origin = z
  .looseObject({
    branch: scalar.optional(),
    tag: scalar.optional(),
    ref: scalar.optional(),
    web_url: scalar.optional(),
    repo_url: scalar.optional(),
  })
  .nullish();

const project = z.looseObject({ id: scalar.optional(), name: scalar.optional(), slug: scalar.optional() });
const pipeline = z
  .looseObject({
    number: scalar.optional(),
    vcs: z
      .looseObject({
        branch: scalar.optional(),
        tag: scalar.optional(),
        target_repository_url: scalar.optional(),
        origin_repository_url: scalar.optional(),
      })
      .nullish(),
    trigger_parameters: z.looseObject({ git: origin, gitlab: origin, github_app: origin, bitbucket: origin }).nullish(),
  })
  .nullish();
const common = {
  project,
  pipeline,
  happened_at: scalar.optional(),
  organization: z.looseObject({ name: scalar.optional() }).nullish(),
};

/** https://circleci.com/docs/outbound-webhooks-reference/ */
export const workflowSchema = z.looseObject({
  ...common,
  workflow: z.looseObject({ name: scalar.optional(), status: z.string(), url: scalar.optional() }),
});

export const jobSchema = z.looseObject({
  ...common,
  workflow: z.looseObject({ name: scalar.optional(), url: scalar.optional() }).nullish(),
  job: z.looseObject({ name: scalar.optional(), status: z.string(), number: scalar.optional() }),
});

/** What CircleCI 1.0 sent by `notify: webhooks`; some relays still make it. */
export const legacySchema = z.looseObject({
  payload: z.looseObject({
    outcome: scalar.optional(),
    status: scalar.optional(),
    username: scalar.optional(),
    reponame: scalar.optional(),
    vcs_url: scalar.optional(),
    branch: scalar.optional(),
    vcs_tag: scalar.optional(),
    build_url: scalar.optional(),
    build_num: scalar.optional(),
    subject: scalar.optional(),
    stop_time: scalar.optional(),
    workflows: z.looseObject({ workflow_name: scalar.optional(), job_name: scalar.optional() }).nullish(),
    build_parameters: z.looseObject({ CIRCLE_JOB: scalar.optional() }).nullish(),
  }),
});
