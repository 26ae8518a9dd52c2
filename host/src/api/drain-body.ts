import type { IncomingMessage } from 'node:http';
import { apiLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { FastifyInstance } from 'fastify';

interface DrainLimits {
  readonly drainedBytes: number;
  readonly drainMs: number;
}

/**
 * Lets senders read why they were refused. A connection that is closed with bytes of the body unread is reset, and the
 * answer is lost with it (RFC 9112, section 9.6); so what remains of the body is read and thrown away before a refusal
 * is sent, within bounds.
 */
export function installBodyDrain(app: FastifyInstance, limits: DrainLimits = apiLimits): void {
  app.addHook('onSend', (request, reply, _payload, done) => {
    // A request that was injected tells only of its stream that it was read.
    if (reply.statusCode < 400 || request.raw.complete || request.raw.readableEnded) return done();
    void drain(request.raw, limits).then(() => {
      if (!request.raw.complete) reply.header('connection', 'close');
      done();
    });
  });
}

function drain(body: IncomingMessage, limits: DrainLimits): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0;
    const end = (): void => {
      clearTimeout(timer);
      body.off('data', count).off('end', end).off('error', end).off('close', end).pause();
      resolve();
    };
    const count = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > limits.drainedBytes) end();
    };
    const timer = setTimeout(end, limits.drainMs);
    body.on('data', count).on('end', end).on('error', end).on('close', end).resume();
  });
}
