import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { ApiError } from '../api/api-error.ts';
import type { LiveHub, LiveTopic } from './live-hub.ts';

const HEARTBEAT_MS = 15_000;
/** Changes that come closer together than this are told in one message. */
const GATHER_MS = 150;
const STREAMS_PER_GROUP = 200;

/** GET /api/stream: server-sent events that name the lists which changed (WHATWG HTML, section 9.2). */
export function streamRoute({ hub }: { hub: LiveHub }): FastifyPluginAsyncZod {
  const open = new Map<string, number>();

  return async (app) => {
    const streams = new Set<() => void>();
    app.addHook('preClose', async () => {
      for (const end of streams) end();
    });

    app.get('/api/stream', { config: { access: 'viewer' } }, (request, reply) => {
      const { groupId } = request.actor;
      const count = open.get(groupId) ?? 0;
      if (count >= STREAMS_PER_GROUP)
        throw new ApiError('RATE_LIMITED', 'Too many open screens', { retryAfterSeconds: 30 });
      open.set(groupId, count + 1);

      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      raw.write('retry: 2000\n\n');

      let gathered = new Set<LiveTopic>();
      let timer: NodeJS.Timeout | undefined;
      const flush = () => {
        timer = undefined;
        raw.write(`event: change\ndata: ${JSON.stringify({ topics: [...gathered] })}\n\n`);
        gathered = new Set();
      };
      const unsubscribe = hub.subscribe(groupId, (topics) => {
        for (const topic of topics) gathered.add(topic);
        timer ??= setTimeout(flush, GATHER_MS);
      });
      const heartbeat = setInterval(() => raw.write(': still here\n\n'), HEARTBEAT_MS);

      let ended = false;
      const end = () => {
        if (ended) return;
        ended = true;
        streams.delete(end);
        unsubscribe();
        clearInterval(heartbeat);
        clearTimeout(timer);
        open.set(groupId, Math.max(0, (open.get(groupId) ?? 1) - 1));
        raw.end();
      };
      streams.add(end);
      raw.on('close', end);
    });
  };
}
