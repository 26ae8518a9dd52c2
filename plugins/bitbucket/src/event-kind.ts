type Body = Record<string, unknown>;

const has = (body: Body, name: string): boolean => Object.hasOwn(body, name);

/**
 * The name of Bitbucket's event: its header, or what the shape of the body says when a relay dropped the header.
 * `other` is a message of Bitbucket that is no alert; undefined is no message of Bitbucket.
 */
export function eventKind(header: string | undefined, body: unknown): string | undefined {
  if (header !== undefined && header !== '') return header;
  if (typeof body !== 'object' || body === null) return undefined;
  const content = body as Body;
  // Bitbucket Data Center writes the name of the event into the body, too.
  if (typeof content.eventKey === 'string') return content.eventKey;
  if (has(content, 'commit_status')) return 'repo:commit_status_updated';
  if (has(content, 'issue')) {
    if (has(content, 'comment') && !has(content, 'changes')) return 'issue:comment_created';
    return has(content, 'changes') ? 'issue:updated' : 'issue:created';
  }
  if (content.test === true) return 'diagnostics:ping';
  // The services before 2015 put the message into the name of what happened.
  if (Object.keys(content).some((name) => name.startsWith('pullrequest_'))) return 'other';
  return has(content, 'repository') || has(content, 'pullrequest') || has(content, 'push') ? 'other' : undefined;
}
