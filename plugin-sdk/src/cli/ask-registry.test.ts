import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { askRegistry } from './ask-registry.ts';

it('bytes arrive as they are, and are told of while they go', async () => {
  const bytes = Buffer.alloc(300_000, 'abc');
  let taken = Buffer.alloc(0);
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      taken = body;
      response.end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const told: number[] = [];
  const asked = await askRegistry(
    { registry: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 'pbt_x' },
    { method: 'POST', path: '/api/x', schema: z.object({}), body: bytes, sent: (count) => told.push(count) },
  );
  expect(asked).toEqual({ ok: true, value: {} });
  expect(taken.equals(bytes)).toBe(true);
  expect(told.length).toBeGreaterThan(1);
  expect(told.reduce((sum, count) => sum + count, 0)).toBe(bytes.length);
});
