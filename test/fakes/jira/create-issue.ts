import { documentFault } from './atlassian-document.ts';
import { JiraError, payloadInvalid } from './jira-error.ts';
import type { JiraSite, Project } from './jira-site.ts';

type Fields = Record<string, unknown>;

const PRIORITIES = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];
const EVERYWHERE = ['project', 'issuetype', 'summary', 'description', 'labels', 'priority', 'duedate', 'environment'];
const BODY_FIELDS = ['fields', 'update', 'transition', 'historyMetadata', 'properties'];

/** The checked fields of a request to create an issue; throws what Jira answers when they are wrong. */
export function checkIssue(site: JiraSite, body: unknown): { project: Project; fields: Fields } {
  if (!isObject(body) || Object.keys(body).some((name) => !BODY_FIELDS.includes(name)) || !isObject(body.fields))
    throw payloadInvalid();
  const { fields } = body;
  const project = isObject(fields.project) ? site.projects.get(String(fields.project.key)) : undefined;
  if (project === undefined) throw new JiraError(400, [], { project: 'Specify a valid project ID or key' });

  const errors: Record<string, string> = {};
  const issueType = isObject(fields.issuetype) ? fields.issuetype.name : undefined;
  if (issueType === undefined) errors.issuetype = 'Specify an issue type';
  else if (!project.issueTypes.some((name) => name === issueType)) errors.issuetype = 'Specify a valid issue type';
  const summary = summaryFault(fields.summary);
  if (summary !== undefined) errors.summary = summary;
  if (
    fields.description !== undefined &&
    fields.description !== null &&
    documentFault(fields.description) !== undefined
  )
    errors.description = 'Operation value must be an Atlassian Document (see the Atlassian Document Format)';
  const labels = labelsFault(fields.labels);
  if (labels !== undefined) errors.labels = labels;
  if (
    fields.priority !== undefined &&
    !(isObject(fields.priority) && PRIORITIES.includes(String(fields.priority.name)))
  )
    errors.priority = 'Specify a valid priority';
  for (const name of Object.keys(fields))
    if (!EVERYWHERE.includes(name) && !(project.fields ?? []).includes(name))
      errors[name] = `Field '${name}' cannot be set. It is not on the appropriate screen, or unknown.`;
  if (Object.keys(errors).length > 0) throw new JiraError(400, [], errors);
  return { project, fields };
}

function summaryFault(summary: unknown): string | undefined {
  if (typeof summary !== 'string' || summary.trim() === '') return 'You must specify a summary of the issue.';
  if (summary.length > 255) return 'Summary must be less than 255 characters.';
  return /[\r\n]/.test(summary) ? 'The summary is invalid because it contains newline characters.' : undefined;
}

function labelsFault(labels: unknown): string | undefined {
  if (labels === undefined) return undefined;
  if (!Array.isArray(labels) || labels.some((label) => typeof label !== 'string')) return 'data was not an array';
  const bad = labels.find((label: string) => /\s/.test(label) || label === '' || label.length > 255) as
    string | undefined;
  return bad === undefined ? undefined : `The label '${bad}' contains spaces which is invalid.`;
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
