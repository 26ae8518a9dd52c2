/** What the header says, for a body whose `object_kind` a template of the operator left out. */
const HEADERS: Record<string, string> = {
  'pipeline hook': 'pipeline',
  'job hook': 'build',
  'deployment hook': 'deployment',
  'issue hook': 'issue',
  'incident hook': 'incident',
  'work item hook': 'work_item',
  'vulnerability hook': 'vulnerability',
  'resource access token hook': 'access_token',
};

/**
 * The kind of a hook: its `object_kind`, the `event_name` that system hooks have instead, or what its header says.
 * Undefined for what is no hook of GitLab.
 */
export function hookKind(body: unknown, header: string | undefined): string | undefined {
  const { object_kind: kind, event_name: event } = Object(body) as { object_kind?: unknown; event_name?: unknown };
  if (typeof kind === 'string' && kind !== '') return kind;
  if (typeof event === 'string' && event !== '') return event;
  if (header === undefined || header === '') return isOldPush(body) ? 'push' : undefined;
  const name = header.toLowerCase();
  return Object.hasOwn(HEADERS, name) ? HEADERS[name] : header;
}

/** GitLab before version 7 named no kind of a push. */
function isOldPush(body: unknown): boolean {
  const { before, after, ref } = Object(body) as { before?: unknown; after?: unknown; ref?: unknown };
  return typeof before === 'string' && typeof after === 'string' && typeof ref === 'string';
}
