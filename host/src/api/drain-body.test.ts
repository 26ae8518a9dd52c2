import Fastify from 'fastify';
import { execFile } from 'node:child_process';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { installBodyDrain } from './drain-body.ts';

const run = promisify(execFile);

async function listen(limits: { drainedBytes: number; drainMs: number }): Promise<number> {
  const app = Fastify({ bodyLimit: 1024 });
  installBodyDrain(app, limits);
  app.post('/', () => 'taken');
  await app.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => app.close());
  return (app.server.address() as AddressInfo).port;
}

/** Sends everything before it looks for the answer, as many senders do. @returns the status, or how it failed */
function send(port: number, chunks: number, last: 'end' | 'stall' = 'end'): Promise<number | string> {
  return new Promise((resolve) => {
    const length = chunks * 65_536;
    const headers = { 'content-type': 'application/json', 'content-length': length + (last === 'end' ? 0 : 1) };
    const sending = request({ port, method: 'POST', headers });
    sending.on('response', (response) => {
      resolve(response.statusCode ?? 0);
      response.resume();
      sending.destroy();
    });
    sending.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
    for (let n = 0; n < chunks; n++) sending.write(Buffer.alloc(65_536));
    if (last === 'end') sending.end();
  });
}

describe('a body that is refused', () => {
  it('is read to its end, so that the sender gets the answer', async () => {
    const port = await listen({ drainedBytes: 16_777_216, drainMs: 60_000 });
    // A sender in a process of its own, which looks for no answer before it has sent everything.
    const sender = `
      const send = () => fetch('http://127.0.0.1:${port}/', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ x: 'y'.repeat(5_000_000) }),
      });
      for (let n = 0; n < 20; n++) console.log((await send()).status);`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', sender]);
    expect(stdout.trim().split('\n')).toEqual(Array(20).fill('413'));
  });

  it('is answered also when its sender stalls', async () => {
    const port = await listen({ drainedBytes: 16_777_216, drainMs: 50 });
    expect(await send(port, 1, 'stall')).toBe(413);
  });

  it('is not read without end', async () => {
    const port = await listen({ drainedBytes: 131_072, drainMs: 60_000 });
    expect([413, 'EPIPE', 'ECONNRESET']).toContain(await send(port, 400, 'stall'));
  });
});
