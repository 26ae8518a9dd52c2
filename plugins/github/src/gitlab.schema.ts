import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const id = z.union([z.string(), z.number()]);
const project = z.looseObject({
  id: id.nullish(),
  name: scalar.optional(),
  path_with_namespace: scalar.optional(),
  web_url: scalar.optional(),
});

/** https://docs.gitlab.com/user/project/integrations/webhook_events/#pipeline-events */
export const gitlabPipelineSchema = z.looseObject({
  object_attributes: z.looseObject({
    id: scalar.optional(),
    ref: scalar.optional(),
    sha: scalar.optional(),
    status: scalar,
    source: scalar.optional(),
    name: scalar.optional(),
    url: scalar.optional(),
    finished_at: scalar.optional(),
  }),
  merge_request: z.looseObject({ iid: scalar.optional(), title: scalar.optional() }).nullish(),
  commit: z.looseObject({ title: scalar.optional() }).nullish(),
  project,
});

/** https://docs.gitlab.com/user/project/integrations/webhook_events/#job-events */
export const gitlabBuildSchema = z.looseObject({
  ref: scalar.optional(),
  build_id: scalar.optional(),
  build_name: scalar,
  build_stage: scalar.optional(),
  build_status: scalar,
  build_failure_reason: scalar.optional(),
  build_allow_failure: scalar.optional(),
  build_finished_at: scalar.optional(),
  project_id: id.nullish(),
  project_name: scalar.optional(),
  project: project.nullish(),
  repository: z.looseObject({ homepage: scalar.optional() }).nullish(),
});

/** https://docs.gitlab.com/user/project/integrations/webhook_events/#deployment-events */
export const gitlabDeploymentSchema = z.looseObject({
  status: scalar,
  environment: scalar.optional(),
  environment_external_url: scalar.optional(),
  deployable_url: scalar.optional(),
  status_changed_at: scalar.optional(),
  ref: scalar.optional(),
  project,
});

/** https://docs.gitlab.com/user/project/integrations/webhook_events/#work-item-events */
export const gitlabIssueSchema = z.looseObject({
  object_attributes: z.looseObject({
    iid: scalar.optional(),
    id: scalar.optional(),
    title: scalar.optional(),
    action: scalar.optional(),
    state: scalar.optional(),
    url: scalar.optional(),
    severity: scalar.optional(),
  }),
  project,
});
