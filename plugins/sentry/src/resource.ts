type Body = Record<string, unknown>;

const part = (value: unknown): Body => (typeof value === 'object' && value !== null ? (value as Body) : {});

/** The kinds of message whose data this plugin reads, by the field that holds it. */
const BY_FIELD: [field: string, resource: string][] = [
  ['metric_alert', 'metric_alert'],
  ['event', 'event_alert'],
  ['activity', 'activity_alert'],
  ['issue', 'issue'],
  ['error', 'error'],
];

/**
 * The resource that a message is about: the header `Sentry-Hook-Resource`, or what the shape of the body says when
 * a relay dropped the header. `legacy` is the old plugin; undefined is no message of Sentry.
 */
export function resourceOf(header: string | undefined, body: unknown): string | undefined {
  if (header !== undefined && header !== '') return header;
  const content = part(body);
  const data = part(content.data);
  const found = BY_FIELD.find(([field]) => Object.hasOwn(data, field));
  if (found !== undefined) return found[1];
  if (Object.hasOwn(data, 'comment_id')) return 'comment';
  if (Object.hasOwn(data, 'run_id')) return 'seer';
  if (Object.hasOwn(content, 'group') && Object.hasOwn(content, 'project')) return 'service_hook';
  if (Object.hasOwn(content, 'installation') && Object.hasOwn(content, 'action')) return 'installation';
  const isLegacy =
    (Object.hasOwn(content, 'id') || Object.hasOwn(content, 'url')) &&
    (Object.hasOwn(content, 'level') || Object.hasOwn(content, 'event') || Object.hasOwn(content, 'project_name'));
  return isLegacy ? 'legacy' : undefined;
}
