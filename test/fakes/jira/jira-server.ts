import type { AddressInfo } from 'node:net';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { documentFault } from './atlassian-document.ts';
import { browsePage } from './browse-page.ts';
import { checkIssue, isObject } from './create-issue.ts';
import { Faults, type Operation } from './faults.ts';
import { issueMissing, JiraError, payloadInvalid } from './jira-error.ts';
import { JiraSite, simpleWorkflow, type JiraIssue, type KeptSite, type Project, type Workflow } from './jira-site.ts';
import { fieldsOf, search } from './search.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    operation?: Operation;
  }
}

export interface JiraOptions {
  email?: string;
  apiToken?: string;
  projects?: Project[];
  workflow?: Workflow;
  /** 0 chooses a free one. */
  port?: number;
  /** What an earlier one held; nothing if left out. */
  kept?: KeptSite;
}

/** A request as it arrived, with the status it got; `dropped` when the answer was withheld. */
export interface RecordedRequest {
  operation: Operation | 'other';
  method: string;
  path: string;
  headers: Record<string, unknown>;
  body: unknown;
  status: number | 'dropped';
}

export interface JiraStandIn {
  url: string;
  site: JiraSite;
  faults: Faults;
  requests: RecordedRequest[];
  /** Calls it after each request that may have changed the site. */
  onChange(listener: () => void): void;
  close(): Promise<void>;
}

type Params = { issue: string };

/** Where a person looks at an issue. Open to all, so that a link can simply be followed. */
const BROWSE = '/browse/:issue';

/**
 * A stand-in of Jira Cloud's REST API v3 on a loopback port, as strict as the real one in what it takes: basic
 * authentication, Atlassian documents, known fields, transitions of the present status, bounded JQL. It keeps every
 * request, and fails on demand.
 */
export async function startJira(options: JiraOptions = {}): Promise<JiraStandIn> {
  const { email = 'bot@example.com', apiToken = 'token-of-the-bot', port = 0, workflow = simpleWorkflow } = options;
  const projects = options.projects ?? [{ key: 'OPS', issueTypes: ['Task', 'Bug'] }];
  const site = new JiraSite(projects, workflow, options.kept);
  const faults = new Faults();
  const requests: RecordedRequest[] = [];
  const authorization = `Basic ${Buffer.from(`${email}:${apiToken}`).toString('base64')}`;
  const listeners: (() => void)[] = [];
  const app = fastify({ forceCloseConnections: true });
  let url = '';

  const self = (issue: JiraIssue) => `${url}/rest/api/3/issue/${issue.id}`;
  const issueOf = (request: FastifyRequest): JiraIssue => {
    const issue = site.find((request.params as Params).issue);
    if (issue === undefined) throw issueMissing();
    return issue;
  };

  /** Keeps the request, lets a fault have its turn, and does what the operation does. */
  const operation =
    (name: Operation, act: (request: FastifyRequest, reply: FastifyReply) => unknown) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
      const fault = faults.take(name);
      if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms));
      if (fault?.kind === 'status') return reply.code(fault.status).headers(fault.headers).send(fault.body);
      const answer = act(request, reply);
      if (fault?.kind !== 'drop') return reply.send(answer);
      record(request, name, 'dropped');
      reply.hijack();
      request.raw.socket.destroy();
      return undefined;
    };

  const record = (request: FastifyRequest, name: RecordedRequest['operation'], status: number | 'dropped') => {
    const { method, url: path, body } = request;
    requests.push({ operation: name, method, path, headers: { ...request.headers }, body, status });
  };

  app.addHook('onRequest', async (request, reply) => {
    if (request.headers.authorization === authorization || request.routeOptions.url === BROWSE) return;
    await reply
      .code(401)
      .send({ message: 'Client must be authenticated to access this resource.', 'status-code': 401 });
  });
  app.addHook('onResponse', async (request, reply) => {
    if (request.method !== 'GET') for (const listener of listeners) listener();
    if (!reply.raw.destroyed || reply.raw.writableFinished)
      record(request, request.routeOptions.config.operation ?? 'other', reply.statusCode);
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const known = error instanceof JiraError ? error : error.statusCode === 400 ? payloadInvalid() : undefined;
    const status = known?.status ?? error.statusCode ?? 500;
    return reply
      .code(status)
      .send({ errorMessages: known?.errorMessages ?? [error.message], errors: known?.errors ?? {} });
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ message: `null for uri: ${url}${request.url}`, 'status-code': 404 }),
  );

  const route = (
    method: 'GET' | 'POST',
    path: string,
    name: Operation,
    act: (request: FastifyRequest, reply: FastifyReply) => unknown,
  ) => app.route({ method, url: `/rest/api/3${path}`, config: { operation: name }, handler: operation(name, act) });

  route('POST', '/issue', 'createIssue', ({ body }, reply) => {
    const { project, fields } = checkIssue(site, body);
    const issue = site.create(project.key, fields);
    reply.code(201);
    return { id: issue.id, key: issue.key, self: self(issue) };
  });

  route('GET', '/issue/:issue', 'getIssue', (request) => {
    const issue = issueOf(request);
    const names = ((request.query as { fields?: string }).fields ?? '*all').split(',');
    return { id: issue.id, key: issue.key, self: self(issue), fields: fieldsOf(issue, names) };
  });

  route('POST', '/search/jql', 'search', ({ body }) => search(site, body, self));
  app.route({
    method: ['GET', 'POST'],
    url: '/rest/api/3/search',
    handler: () => {
      throw new JiraError(410, [
        'The requested API has been removed. Please migrate to the /rest/api/3/search/jql API.',
      ]);
    },
  });

  route('POST', '/issue/:issue/comment', 'comment', (request, reply) => {
    const issue = issueOf(request);
    const { body } = request;
    if (!isObject(body) || Object.keys(body).some((key) => !['body', 'visibility', 'properties'].includes(key)))
      throw payloadInvalid();
    if (documentFault(body.body) !== undefined) throw new JiraError(400, [], { comment: 'Comment body is not valid!' });
    const comment = { id: site.nextId(), body: body.body, created: new Date().toISOString() };
    issue.comments.push(comment);
    reply.code(201);
    return { self: `${self(issue)}/comment/${comment.id}`, ...comment };
  });

  route('GET', '/issue/:issue/comment', 'getComments', (request) => {
    const { comments } = issueOf(request);
    const { orderBy, maxResults } = request.query as { orderBy?: string; maxResults?: string };
    const sorted = orderBy === '-created' ? [...comments].reverse() : comments;
    const page = Math.min(Number(maxResults ?? 50), 100);
    return { startAt: 0, maxResults: page, total: comments.length, comments: sorted.slice(0, page) };
  });

  route('GET', '/issue/:issue/transitions', 'getTransitions', (request) => ({
    expand: 'transitions',
    transitions: site.transitionsOf(issueOf(request)).map(({ id, name, to }) => {
      const { category, ...status } = site.status(to);
      return { id, name, to: { ...status, statusCategory: { key: category } }, hasScreen: false, isAvailable: true };
    }),
  }));

  route('POST', '/issue/:issue/transitions', 'transition', (request, reply) => {
    const issue = issueOf(request);
    const { body } = request;
    if (!isObject(body) || !isObject(body.transition) || typeof body.transition.id !== 'string') throw payloadInvalid();
    const { id } = body.transition;
    const transition = site.transitionsOf(issue).find((entry) => entry.id === id);
    if (transition === undefined) throw new JiraError(400, [`Transition id '${id}' is not valid for this issue.`]);
    issue.status = site.status(transition.to);
    reply.code(204);
    return undefined;
  });

  route('POST', '/issue/:issue/remotelink', 'remoteLink', (request, reply) => {
    const issue = issueOf(request);
    const { body } = request;
    if (
      !isObject(body) ||
      Object.keys(body).some((key) => !['globalId', 'application', 'relationship', 'object'].includes(key))
    )
      throw payloadInvalid();
    const { object, globalId } = body;
    if (!isObject(object) || typeof object.url !== 'string')
      throw new JiraError(400, [], { url: "'url' is required." });
    if (typeof object.title !== 'string') throw new JiraError(400, [], { title: "'title' is required." });
    if (globalId !== undefined && typeof globalId !== 'string') throw payloadInvalid();
    const known = issue.remoteLinks.find((link) => globalId !== undefined && link.globalId === globalId);
    const link = known ?? { id: Number(site.nextId()), globalId, object };
    link.object = object;
    if (known === undefined) issue.remoteLinks.push(link);
    reply.code(known === undefined ? 201 : 200);
    return { id: link.id, self: `${self(issue)}/remotelink/${link.id}` };
  });

  app.get(BROWSE, (request, reply) => reply.type('text/html; charset=utf-8').send(browsePage(issueOf(request))));

  await app.listen({ host: '127.0.0.1', port });
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  return {
    url,
    site,
    faults,
    requests,
    onChange: (listener) => listeners.push(listener),
    close: () => app.close(),
  };
}
