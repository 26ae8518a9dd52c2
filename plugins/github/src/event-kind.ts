type Body = Record<string, unknown>;

const has = (body: Body, ...names: string[]) => names.every((name) => Object.hasOwn(body, name));
const part = (value: unknown): Body => (typeof value === 'object' && value !== null ? (value as Body) : {});

/** In this order: a body of one kind also holds the field that names another (a check run has its suite). */
const SHAPES: [kind: string, matches: (body: Body) => boolean][] = [
  ['ping', (body) => has(body, 'zen') && (has(body, 'hook') || has(body, 'hook_id'))],
  ['workflow_job', (body) => has(body, 'workflow_job')],
  ['workflow_run', (body) => has(body, 'workflow_run') && !has(body, 'deployment')],
  ['check_run', (body) => has(body, 'check_run') && !has(body, 'deployment')],
  ['check_suite', (body) => has(body, 'check_suite')],
  ['deployment_status', (body) => has(body, 'deployment_status')],
  ['deployment', (body) => has(body, 'deployment')],
  ['dependabot_alert', (body) => has(part(body.alert), 'security_advisory')],
  ['secret_scanning_alert', (body) => has(part(body.alert), 'secret_type') && !has(body, 'location')],
  ['code_scanning_alert', (body) => has(part(body.alert), 'rule') || has(part(body.alert), 'tool')],
  ['repository_vulnerability_alert', (body) => has(part(body.alert), 'affected_package_name')],
  ['issues', (body) => has(body, 'issue', 'action') && !has(body, 'comment')],
  ['status', (body) => has(body, 'state', 'sha', 'context')],
];

/**
 * The name of GitHub's event: its header, or what the shape of the body says when a relay dropped the header;
 * `gitlab:KIND` for GitLab's hooks. `other` is a GitHub message of a kind that is no alert.
 */
export function eventKind(header: string | undefined, body: unknown): string | undefined {
  const content = part(body);
  if (header !== undefined && header !== '') return header;
  if (typeof content.object_kind === 'string') return `gitlab:${content.object_kind}`;
  const shape = SHAPES.find(([, matches]) => matches(content));
  if (shape !== undefined) return shape[0];
  return has(content, 'sender') || has(content, 'repository') || has(content, 'security_advisory')
    ? 'other'
    : undefined;
}
