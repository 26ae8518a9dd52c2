import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const project = z.looseObject({
  id: scalar.optional(),
  name: scalar.optional(),
  path_with_namespace: scalar.optional(),
  web_url: scalar.optional(),
});
const named = z.looseObject({ name: scalar.optional(), username: scalar.optional() }).nullish();

/** https://docs.gitlab.com/user/project/integrations/webhook_events/#pipeline-events */
export const pipelineSchema = z.looseObject({
  object_attributes: z.looseObject({
    id: scalar.optional(),
    name: scalar.optional(),
    ref: scalar.optional(),
    sha: scalar.optional(),
    source: scalar.optional(),
    status: scalar,
    finished_at: scalar.optional(),
    url: scalar.optional(),
  }),
  merge_request: z.looseObject({ iid: scalar.optional(), title: scalar.optional(), url: scalar.optional() }).nullish(),
  project,
  user: named,
  commit: z.looseObject({ id: scalar.optional(), title: scalar.optional(), url: scalar.optional() }).nullish(),
  builds: z
    .array(
      z.looseObject({
        name: scalar.optional(),
        stage: scalar.optional(),
        status: scalar.optional(),
        allow_failure: scalar.optional(),
        failure_reason: scalar.optional(),
      }),
    )
    .nullish(),
});

/** https://docs.gitlab.com/user/project/integrations/webhook_events/#job-events */
export const jobSchema = z.looseObject({
  ref: scalar.optional(),
  build_id: scalar.optional(),
  build_name: scalar,
  build_stage: scalar.optional(),
  build_status: scalar,
  build_failure_reason: scalar.optional(),
  build_allow_failure: scalar.optional(),
  build_finished_at: scalar.optional(),
  project_id: scalar.optional(),
  project_name: scalar.optional(),
  project: project.nullish(),
  repository: z.looseObject({ homepage: scalar.optional() }).nullish(),
  runner: z.looseObject({ description: scalar.optional() }).nullish(),
});

/** https://docs.gitlab.com/user/project/integrations/webhook_events/#deployment-events */
export const deploymentSchema = z.looseObject({
  status: scalar,
  environment: scalar.optional(),
  environment_tier: scalar.optional(),
  environment_external_url: scalar.optional(),
  deployable_url: scalar.optional(),
  status_changed_at: scalar.optional(),
  ref: scalar.optional(),
  commit_title: scalar.optional(),
  project,
});

/** https://docs.gitlab.com/user/project/integrations/webhook_events/#work-item-events */
export const issueSchema = z.looseObject({
  object_attributes: z.looseObject({
    iid: scalar.optional(),
    id: scalar.optional(),
    title: scalar.optional(),
    action: scalar.optional(),
    state: scalar.optional(),
    type: scalar.optional(),
    url: scalar.optional(),
    severity: scalar.optional(),
    project_id: scalar.optional(),
    updated_at: scalar.optional(),
  }),
  changes: z
    .looseObject({
      escalation_status: z.looseObject({ current: scalar.optional() }).nullish(),
      state_id: z.looseObject({ current: scalar.optional() }).nullish(),
    })
    .nullish(),
  // Old versions name the project by its id alone.
  project: project.nullish(),
});

/** https://docs.gitlab.com/user/project/integrations/webhook_events/#vulnerability-events */
export const vulnerabilitySchema = z.looseObject({
  object_attributes: z.looseObject({
    url: scalar.optional(),
    title: scalar,
    state: scalar,
    severity: scalar.optional(),
    report_type: scalar.optional(),
    project_id: scalar.optional(),
    updated_at: scalar.optional(),
    location: z.union([scalar, z.looseObject({ file: scalar.optional() })]).optional(),
  }),
  project: project.nullish(),
});

/** https://docs.gitlab.com/user/project/integrations/webhook_events/#project-and-group-access-token-events */
export const accessTokenSchema = z.looseObject({
  event_name: scalar.optional(),
  object_attributes: z.looseObject({
    id: scalar.optional(),
    name: scalar.optional(),
    expires_at: scalar.optional(),
  }),
  project: project.nullish(),
  group: z
    .looseObject({ group_name: scalar.optional(), group_path: scalar.optional(), full_path: scalar.optional() })
    .nullish(),
});
