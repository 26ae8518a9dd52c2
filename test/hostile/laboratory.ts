import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { createEgress, type Egress, type Resolver } from '@patchbay/host/egress/egress';

/** The secret that every hostile plugin would like to have. */
export const SECRET = 'sk-live-7Qz/+hunter2+Zq7==';

/**
 * What lies around the sandbox in a test: a service that plugins may reach, one that nobody may, and the host's own
 * guard before both.
 */
export interface Laboratory {
  /** Of the service at `api.lab.example`. */
  port: number;
  strict: Egress;
  lab: Egress;
  /** Requests that reached what nobody may reach. */
  intrusions(): string[];
  close(): Promise<void>;
}

export async function openLaboratory(): Promise<Laboratory> {
  const intrusions: string[] = [];
  const forbidden = await listen((request, response) => {
    intrusions.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response.end('you should not be here');
  });
  const service = await listen((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    if (path.startsWith('/admin')) intrusions.push(`${request.method ?? ''} ${path}`);
    (routes[path] ?? ok)(request, response, portOf(forbidden));
  });
  let asked = 0;
  const resolve: Resolver = (name, _options, callback) => {
    const address = name === 'rebind.lab.example' && asked++ > 0 ? '169.254.169.254' : '127.0.0.1';
    callback(null, [{ address, family: 4 }]);
  };
  const strict = createEgress({ allow: [], resolve });
  const lab = createEgress({ allow: ['127.0.0.0/8'], resolve });
  return {
    port: portOf(service),
    strict,
    lab,
    intrusions: () => intrusions,
    async close() {
      await Promise.all([strict.close(), lab.close()]);
      for (const server of [forbidden, service]) {
        server.closeAllConnections();
        await new Promise((resolveClosed) => server.close(resolveClosed));
      }
    },
  };
}

type Route = (request: IncomingMessage, response: ServerResponse, forbiddenPort: number) => void;

const ok: Route = (_request, response) => void response.writeHead(200, { connection: 'close' }).end('ok');
const credentialOf = (request: IncomingMessage): string => request.headers.authorization ?? '';
const routes: Record<string, Route> = {
  '/redirect': (_request, response, port) =>
    void response.writeHead(302, { location: `http://127.0.0.1:${port}/`, connection: 'close' }).end(),
  '/echo': (request, response) => void response.end(credentialOf(request)),
  '/echo-base64': (request, response) => void response.end(Buffer.from(`x${credentialOf(request)}`).toString('base64')),
  '/echo-hex': (request, response) => void response.end(Buffer.from(credentialOf(request)).toString('hex')),
  '/echo-header': (request, response) => void response.setHeader('x-request-id', credentialOf(request)).end(),
  '/cookie': (request, response) =>
    void response.setHeader('set-cookie', 'session=cookie-of-the-service').setHeader('server', 'lab').end('ok'),
  '/bomb': (_request, response) =>
    void response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(20_000_000))),
};

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
