import Fastify from 'fastify';
import { stopOnSignal, tell } from './role-process.ts';

/** Fastify as its guide shows it: the body is parsed, the answer is what Patchbay answers, and nothing else is done. */
export async function bareFastifyRole(): Promise<void> {
  const app = Fastify();
  let count = 0;
  app.post('/', (request, reply) => {
    const { alerts } = request.body as { alerts: unknown[] };
    return reply.code(202).send({ requestId: `req_${++count}`, events: alerts.length });
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  stopOnSignal(() => app.close());
  tell({ url: `${url}/`, key: 'none' });
}
