import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageLimits } from '@patchbay/plugin-sdk/contract/limits';
import { closePluginRuns } from '@patchbay/plugin-sdk/testing/plugin-sandbox';
import { OPEN_MAX } from '@patchbay/registry/publish/submissions';
import { sql } from 'kysely';
import { keptCheckTools } from '../../../test/support/check-tools.ts';
import { postgresDatabases } from '../../../test/support/databases.ts';
import { makePackage, type TestPackage } from '../../../test/support/plugin-packages.ts';
import { until } from '../../../test/support/until.ts';
import { openRegistryServer, type RegistryServer } from './registry-server.ts';

const newDatabase = postgresDatabases();
const checkTools = keptCheckTools();
const MIB = 1024 * 1024;

let server: RegistryServer;
let token: string;
let made: TestPackage;

beforeAll(async () => {
  server = await openRegistryServer({ database: await newDatabase(), checkTools, requestMs: 3000 });
  token = await server.person('Ann', ['author']);
  made = await makePackage('shop/upload');
});
afterAll(async () => {
  await closePluginRuns();
  await server.close();
});

interface RawUpload {
  headers?: Record<string, string>;
  pieces?: Iterable<Buffer>;
  /** Closes our side behind the last piece; otherwise the connection is left open. */
  ends?: boolean;
  /** Of the package that is announced in the headers. */
  of?: TestPackage;
}

/** Writes a request by hand and reads until the server closes. @returns what it answered, and what was written of it */
function sendRaw({ headers = {}, pieces = [], ends = false, of = made }: RawUpload) {
  return new Promise<{ answer: string; written: number }>((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    socket.setMaxListeners(0);
    let answer = '';
    const lines = Object.entries({ host: hostname, ...server.uploadHeaders(token, of), ...headers });
    socket.write(`POST /api/registry/plugins HTTP/1.1\r\n${lines.map((line) => line.join(': ')).join('\r\n')}\r\n\r\n`);
    const write = async () => {
      for (const piece of pieces) {
        if (socket.destroyed || answer !== '') return;
        if (!socket.write(piece)) await new Promise((go) => socket.once('drain', go).once('close', go));
      }
      if (ends) socket.end();
    };
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.on('end', () => socket.end());
    // The server may close while we still write.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') reject(error);
    });
    socket.on('close', () => resolve({ answer, written: socket.bytesWritten }));
    void write();
  });
}

const codeIn = (answer: string) => /"code":"([A-Z_]+)"/.exec(answer)?.[1];
const submissions = () =>
  server.registry.db
    .selectFrom('registry_submissions')
    .select('submission_id')
    .where('plugin_id', '=', made.id)
    .execute();

it('that stops in the middle is ended in time, and holds nothing of the database until then', async () => {
  const length = String(made.bytes.length);
  let ended = 0;
  const stalled = [0, 1, 1000].map(async (sent) => {
    const outcome = await sendRaw({ headers: { 'content-length': length }, pieces: [made.bytes.subarray(0, sent)] });
    ended += 1;
    return outcome;
  });
  await until('a database that does nothing', async () => {
    const { rows } = await sql`
      select pid from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'
        and backend_type = 'client backend'`.execute(server.registry.db);
    return rows.length === 0 || undefined;
  });
  expect(ended).toBe(0);
  for (const { answer } of await Promise.all(stalled)) {
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(codeIn(answer)).toBe('REQUEST_TIMEOUT');
  }
  expect(await submissions()).toEqual([]);
});

it('whose headers never end is ended in time', async () => {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.write('POST /api/registry/plugins HTTP/1.1\r\nHost: x\r\nX-Slow: ');
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
  await new Promise((resolve) => socket.once('close', resolve));
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
});

it('that ends before the length that it announced is taken by nobody', async () => {
  const headers = { 'content-length': String(made.bytes.length + 1) };
  const { answer } = await sendRaw({ headers, pieces: [made.bytes], ends: true });
  expect(answer).not.toMatch(/^HTTP\/1\.1 2/);
  expect(await submissions()).toEqual([]);
});

it('that is longer than it announced is refused as cut off, and the rest is no request', async () => {
  const headers = { 'content-length': String(made.bytes.length - 100) };
  const { answer } = await sendRaw({ headers, pieces: [made.bytes] });
  const statuses = [...answer.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => Number(status));
  expect(statuses.length).toBeGreaterThan(0);
  for (const status of statuses) expect(status).toBeGreaterThanOrEqual(400);
  expect(await submissions()).toEqual([]);
});

it('that announces its length in two ways is refused', async () => {
  const headers = { 'content-length': '5', 'transfer-encoding': 'chunked' };
  const { answer } = await sendRaw({ headers, pieces: [Buffer.from('0\r\n\r\n')] });
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
});

it('that announces more than a package may have is refused for that', async () => {
  const headers = { 'content-length': String(packageLimits.packedBytes + 1), connection: 'close' };
  const { answer } = await sendRaw({ headers, pieces: [Buffer.alloc(packageLimits.packedBytes + 1)] });
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
});

it('without end is ended soon after the limit', async () => {
  const chunk = Buffer.concat([
    Buffer.from(`${(64 * 1024).toString(16)}\r\n`),
    Buffer.alloc(64 * 1024),
    Buffer.from('\r\n'),
  ]);
  const endless = function* () {
    for (;;) yield chunk;
  };
  const { answer, written } = await sendRaw({ headers: { 'transfer-encoding': 'chunked' }, pieces: endless() });
  // Whoever goes on writing may miss the answer; that the connection ends is what stops them.
  expect([undefined, 'BODY_TOO_LARGE']).toContain(codeIn(answer));
  expect(written).toBeLessThan(packageLimits.packedBytes + 40 * MIB);
});

it('that unpacks to far more than it is, is refused without being unpacked', async () => {
  const bomb = gzipSync(Buffer.alloc(packageLimits.unpackedBytes * 4));
  const answer = await fetch(`${server.url}/api/registry/plugins`, {
    method: 'POST',
    headers: server.uploadHeaders(token, made),
    body: bomb,
  });
  expect(answer.status).toBe(422);
  expect(await answer.json()).toMatchObject({ error: { code: 'ARCHIVE_INVALID' } });
});

it('beyond what one publisher may have waiting is refused, however many come at once; their files are not kept', async () => {
  expect((await server.upload(token, made)).status).toBe(201);
  const { db } = server.registry;
  const template = await db.selectFrom('registry_submissions').selectAll().executeTakeFirstOrThrow();
  const rows = Array.from({ length: OPEN_MAX - 2 }, (_, n) => ({
    ...template,
    submission_id: `sub_flood${n}`,
    plugin_id: 'shop/flood',
    version: `0.0.${n}`,
    author_envelope: JSON.stringify(template.author_envelope),
  }));
  await db.insertInto('registry_submissions').values(rows).execute();
  const more = await Promise.all([1, 2, 3, 4].map((n) => makePackage('shop/upload', { version: `2.0.${n}` })));
  const answers = await Promise.all(more.map((one) => server.upload(token, one)));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  const kept = await Promise.all(more.map((one) => server.registry.blobs.get(one.sha256)));
  expect(kept.filter((bytes) => bytes !== undefined)).toHaveLength(1);
  // What is there already is not one more.
  expect((await server.upload(token, made)).status).toBe(201);
});
