import type { z } from 'zod';
import { deploymentStatusEvent, statusEvent } from './deployment-events.ts';
import { deploymentStatusSchema, statusSchema } from './deployment.schema.ts';
import { gitlabBuildEvent, gitlabDeploymentEvent, gitlabIssueEvent, gitlabPipelineEvent } from './gitlab-events.ts';
import { gitlabBuildSchema, gitlabDeploymentSchema, gitlabIssueSchema, gitlabPipelineSchema } from './gitlab.schema.ts';
import { issuesEvent } from './issue-events.ts';
import { issuesSchema } from './issue.schema.ts';
import type { Reading, Settings } from './reading.ts';
import { checkRunEvent, checkSuiteEvent, workflowJobEvent, workflowRunEvent } from './run-events.ts';
import { checkRunSchema, checkSuiteSchema, workflowJobSchema, workflowRunSchema } from './run.schema.ts';
import {
  codeScanningAlertEvent,
  dependabotAlertEvent,
  secretScanningAlertEvent,
  vulnerabilityAlertEvent,
} from './security-events.ts';
import {
  codeScanningAlertSchema,
  dependabotAlertSchema,
  secretScanningAlertSchema,
  vulnerabilityAlertSchema,
} from './security.schema.ts';

/** Checks the message against a schema; a message that does not fit ends the call as invalid. */
export type Parse = <S extends z.ZodType>(schema: S) => z.infer<S>;

/** What a message of this kind says. Kinds that are no alert are ignored by name. */
export function readMessage(kind: string, parse: Parse, settings: Settings): Reading {
  switch (kind) {
    case 'ping':
      return { ignored: 'GitHub says hello: the webhook is set up' };
    case 'workflow_run':
      return workflowRunEvent(parse(workflowRunSchema), settings);
    case 'workflow_job':
      return workflowJobEvent(parse(workflowJobSchema), settings);
    case 'check_run':
      return checkRunEvent(parse(checkRunSchema), settings);
    case 'check_suite':
      return checkSuiteEvent(parse(checkSuiteSchema), settings);
    case 'deployment_status':
      return deploymentStatusEvent(parse(deploymentStatusSchema));
    case 'deployment':
      return { ignored: 'A deployment was created; its deployment_status will say how it went' };
    case 'status':
      return statusEvent(parse(statusSchema), settings);
    case 'dependabot_alert':
      return dependabotAlertEvent(parse(dependabotAlertSchema), settings);
    case 'code_scanning_alert':
      return codeScanningAlertEvent(parse(codeScanningAlertSchema), settings);
    case 'secret_scanning_alert':
      return secretScanningAlertEvent(parse(secretScanningAlertSchema));
    case 'repository_vulnerability_alert':
      return vulnerabilityAlertEvent(parse(vulnerabilityAlertSchema), settings);
    case 'issues':
      return issuesEvent(parse(issuesSchema), settings);
    case 'gitlab:pipeline':
      return gitlabPipelineEvent(parse(gitlabPipelineSchema), settings);
    case 'gitlab:build':
      return gitlabBuildEvent(parse(gitlabBuildSchema), settings);
    case 'gitlab:deployment':
      return gitlabDeploymentEvent(parse(gitlabDeploymentSchema));
    case 'gitlab:issue':
    case 'gitlab:incident':
    case 'gitlab:work_item':
      return gitlabIssueEvent(parse(gitlabIssueSchema), settings);
    default:
      return { ignored: `"${kind.slice(0, 60)}" events are no alerts` };
  }
}
