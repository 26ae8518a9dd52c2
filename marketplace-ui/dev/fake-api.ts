import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';

interface Server {
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

/**
 * `vite --mode fake`: answers /api from memory, so that screens can be looked at and checked without a host. Every
 * answer is parsed by the contract's schema before it is sent; the real behaviour is tested against the real host.
 */
export function fakeApi(): Plugin {
  return {
    name: 'patchbay-fake-api',
    configureServer(vite) {
      vite.middlewares.use((request, response, next) => {
        if (!request.url?.startsWith('/api/')) return next();
        // Through vite, because node itself cannot load the contract's TypeScript.
        vite
          .ssrLoadModule('/dev/fake/server.ts')
          .then((module) => (module as unknown as Server).handle(request, response))
          .catch(next);
      });
    },
  };
}
