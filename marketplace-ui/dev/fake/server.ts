import type { IncomingMessage, ServerResponse } from 'node:http';
import { catalogueRoutes } from './catalogue.ts';
import { identityRoutes, isSignedIn } from './identity.ts';
import { refusal, Reply, type FakeRoute } from './route.ts';
import { listeners, workRoutes } from './work.ts';

const routes: FakeRoute[] = [...identityRoutes(), ...workRoutes(), ...catalogueRoutes()];

export async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://fake');
  const path = url.pathname.replace(/^\/api/, '');
  if (path === '/stream') return stream(response);

  const method = request.method ?? 'GET';
  if (method !== 'GET' && request.headers['x-patchbay-request'] !== '1') {
    return send(response, refusal('FORBIDDEN', 'The header X-Patchbay-Request is missing.'));
  }
  const open = ['/setup', '/sign-in', '/sign-out', '/health/live'].includes(path);
  if (!open && !isSignedIn(request.headers.cookie)) {
    return send(response, refusal('SESSION_REQUIRED', 'You are not signed in.'));
  }
  for (const route of routes) {
    const params = route.method === method ? match(route.path, path) : null;
    if (!params) continue;
    const text = await read(request);
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const answer = route.answer({ params, query: url.searchParams, body, headers: request.headers });
    return send(response, answer instanceof Reply ? answer : new Reply(200, answer));
  }
  return send(response, refusal('NOT_FOUND', `There is nothing at ${method} /api${path}.`));
}

function match(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split('/');
  const have = path.split('/');
  if (want.length !== have.length) return null;
  const params: Record<string, string> = {};
  for (const [at, part] of want.entries()) {
    const given = have[at]!;
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(given);
    else if (part !== given) return null;
  }
  return params;
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, reply: Reply): void {
  const cookie =
    reply.body !== null &&
    typeof reply.body === 'object' &&
    'cookie' in reply.body &&
    typeof reply.body.cookie === 'string'
      ? reply.body.cookie
      : null;
  response.writeHead(reply.status, {
    'content-type': reply.type,
    ...(cookie ? { 'set-cookie': cookie } : {}),
  });
  response.end(reply.type === 'application/json' ? JSON.stringify(reply.body) : String(reply.body));
}

function stream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': hello\n\n');
  const tell = (topics: string[]) => response.write(`event: change\ndata: ${JSON.stringify({ topics })}\n\n`);
  listeners.add(tell);
  const beat = setInterval(() => response.write(': still here\n\n'), 15_000);
  response.on('close', () => {
    listeners.delete(tell);
    clearInterval(beat);
  });
}
