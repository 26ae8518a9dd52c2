import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { DeliverInput, IngestInput } from '../contract/envelopes.ts';
import type { ManifestInput } from '../contract/manifest.ts';
import { runPlugin } from './run-plugin.ts';

const root = mkdtempSync(join(tmpdir(), 'patchbay-run-plugin-'));
afterAll(() => rmSync(root, { recursive: true }));

function plugin(name: string, source: string, more: Partial<ManifestInput> = {}): string {
  const folder = join(root, name);
  mkdirSync(join(folder, 'src'), { recursive: true });
  const manifest = {
    id: `test/${name}`,
    version: '1.0.0',
    hostApi: '^1.0.0',
    name,
    summary: 'For a test',
    licence: 'Apache-2.0',
    categories: ['generic'],
    ...(more.provides === undefined && { provides: ['ingest'], integrationType: name }),
    ...more,
  };
  writeFileSync(join(folder, 'plugin.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'src', 'index.ts'), source);
  return folder;
}

const request = (text: string): IngestInput => ({
  abi: 1,
  configuration: {},
  request: {
    id: 'req_1',
    receivedAt: '2026-01-01T00:00:00.000Z',
    method: 'POST',
    headers: {},
    query: {},
    contentType: 'application/json',
    body: { text },
  },
});

const change = { abi: 1, change: { id: 'chg_1' }, delivery: { id: 'dlv_1', attempt: 1 }, configuration: {} };
const delivery = change as unknown as DeliverInput;

describe('runPlugin', () => {
  const switching = plugin(
    'switching',
    `export default {
      ingest(input: any): unknown {
        const say = (result: unknown) => ({ abi: 1, result });
        switch (input.request.body.text) {
          case 'ignore': return say({ outcome: 'ignored', reason: 'a ping' });
          case 'invalid': return say({ outcome: 'invalid', reason: 'no alerts', issues: [] });
          case 'nonsense': return say({ outcome: 'events', events: [{ event_action: 'explode' }] });
          case 'throw': return failing();
          case 'log': console.log('seen', 1); return say({ outcome: 'ignored', reason: 'logged' });
          case 'loop': for (;;);
          default: return say({ outcome: 'events', events: [] });
        }
      },
    };
    function failing(): never {
      throw new TypeError('as told');
    }`,
  );
  const run = (text: string) => runPlugin({ folder: switching, export: 'ingest', input: request(text) });

  it('gives what the plugin decided', async () => {
    expect(await run('')).toMatchObject({ outcome: 'events', events: [], runs: 1 });
    expect(await run('ignore')).toMatchObject({ outcome: 'ignored', reason: 'a ping' });
    expect(await run('invalid')).toMatchObject({ outcome: 'invalid', reason: 'no alerts' });
    expect((await run('log')).logs).toMatchObject([{ level: 'info', message: expect.stringContaining('seen') }]);
  });

  it('names the path of an output that is not right', async () => {
    const outcome = await run('nonsense');
    expect(outcome).toMatchObject({ outcome: 'error', code: 'OUTPUT_INVALID' });
    expect(outcome).toHaveProperty('message', expect.stringContaining('result.events.0'));
  });

  it('gives errors with the author’s own lines', async () => {
    const outcome = await run('throw');
    expect(outcome).toMatchObject({
      outcome: 'error',
      code: 'PLUGIN_ERROR',
      error: { name: 'TypeError', message: 'as told' },
    });
    expect(outcome).toHaveProperty('error.stack', expect.stringContaining('src/index.ts:16:'));
    expect(await run('loop')).toMatchObject({ outcome: 'error', code: 'RUN_CPU_EXCEEDED' });
    expect(await run('ignore')).toMatchObject({ outcome: 'ignored' });
  });

  it('says what is wrong with source and manifest', async () => {
    const broken = plugin('broken', 'export default {');
    expect(await runPlugin({ folder: broken, export: 'ingest', input: request('') })).toMatchObject({
      code: 'COMPILE_FAILED',
    });
    const strange = plugin('strange', 'export default { ingest() {} }', { version: 'one' });
    expect(await runPlugin({ folder: strange, export: 'ingest', input: request('') })).toMatchObject({
      code: 'MANIFEST_INVALID',
    });
  });

  it('performs the asks of a delivery', async () => {
    const connector = plugin(
      'connector',
      `export default {
        async deliver(): Promise<unknown> {
          const reads = ['a', 'b'].map(async (name) => (await fetch('https://api.example.com/' + name)).json());
          const [a, b] = await Promise.all(reads);
          const refused = await fetch('https://api.example.com/refused').catch((error) => error.code);
          return { abi: 1, result: { outcome: 'delivered', note: a.id + b.id + refused } };
        },
      };`,
      {
        provides: ['deliver'],
        permissions: { http: [{ host: 'api.example.com', methods: ['GET'] }] },
      },
    );
    const asked: string[] = [];
    const outcome = await runPlugin({
      folder: connector,
      export: 'deliver',
      input: delivery,
      world: {
        http: ({ url }) => {
          asked.push(url);
          if (url.endsWith('refused')) return { error: { code: 'EGRESS_TIMEOUT', message: 'no answer' } };
          return { status: 200, body: { id: url.slice(-1) } };
        },
      },
    });
    expect(outcome).toMatchObject({ outcome: 'delivered', note: 'abEGRESS_TIMEOUT', runs: 3 });
    expect(asked).toEqual(['a', 'b', 'refused'].map((name) => `https://api.example.com/${name}`));
    const again = await runPlugin({ folder: connector, export: 'deliver', input: delivery, journal: outcome.journal });
    expect(again).toMatchObject({ outcome: 'delivered', note: 'abEGRESS_TIMEOUT', runs: 1 });
  });
});
