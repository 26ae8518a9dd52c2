import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PluginExport } from '../../contract/manifest.ts';
import { driveCall, type World } from '../../testing/drive-call.ts';
import { checkModule } from '../check-module.ts';
import { createSandbox, type ProcessSandbox } from '../create-sandbox.ts';
import { emptyJournal, loaderOf, runOf, type TestModule } from '../test-modules.ts';
import { compileAssemblyScript, compileC } from './compile-foreign.ts';
import { callUnderExtism } from './oracle.ts';
import { assemblyScriptPlugin, cPlugin } from './sources.ts';

const COMPILING_MS = 300_000;

const change = { incident: { summary: 'Disk füll 💾' } };
const alert = (summary: string) =>
  JSON.stringify({ abi: 1, request: { body: { text: JSON.stringify({ summary }) } }, configuration: {} });

describe('a module of another compiler', () => {
  let as: TestModule;
  let c: TestModule;
  let sandbox: ProcessSandbox;

  beforeAll(async () => {
    [as, c] = await Promise.all([compileAssemblyScript(assemblyScriptPlugin), compileC(cPlugin)]);
    sandbox = createSandbox({ loadModule: loaderOf(as, c), processes: 1 });
  }, COMPILING_MS);
  afterAll(() => sandbox?.close());

  const drive = (module: TestModule, name: PluginExport, input: string, world: World = {}, journal = emptyJournal) => {
    const { journal: _none, ...request } = runOf(module, input, {
      export: name,
      limits: { runCpuMs: 10_000, runWallMs: 600_000 },
    });
    return driveCall(sandbox, request, world, journal);
  };
  const outputOf = async (call: ReturnType<typeof drive>) => {
    const { result } = await call;
    if (result.status !== 'done') throw new Error(JSON.stringify(result));
    return result.output;
  };

  describe('in AssemblyScript', () => {
    it.each(['Disk full', 'Größe 💾 überschritten', 'x'.repeat(301)])(
      'ingests as under Extism: %s',
      async (summary) => {
        const ours = await outputOf(drive(as, 'ingest', alert(summary)));
        expect(await callUnderExtism(as.wasm, 'ingest', alert(summary))).toEqual({ output: ours });
        expect(JSON.parse(ours)).toMatchObject({ result: { events: [{ payload: { summary } }] } });
      },
    );

    it('fails by error_set with the same words', async () => {
      const { result } = await drive(as, 'ingest', alert(''));
      expect(result).toMatchObject({ code: 'PLUGIN_ERROR', message: 'the alert has no summary' });
      expect(await callUnderExtism(as.wasm, 'ingest', alert(''))).toEqual({ error: 'the alert has no summary' });
    });

    it('starts every call from the same state', async () => {
      for (let time = 0; time < 3; time++) {
        const { logs } = await drive(as, 'ingest', alert('again'));
        expect(logs).toEqual([{ level: 'info', message: 'call 1: again' }]);
      }
    });

    it('makes a request that blocks: the run ends without an answer and takes it on the next', async () => {
      const asked: unknown[] = [];
      const http: World['http'] = (ask) => {
        asked.push(ask);
        return { status: 201, body: { key: 'OPS-1' } };
      };
      const input = JSON.stringify({ change });
      const called = await drive(as, 'deliver', input, { http });
      expect(called.result).toMatchObject({ status: 'done' });
      expect(called.runs).toBe(2);
      expect(called.journal.asks).toMatchObject([{ kind: 'http', blocking: true }]);
      expect(asked).toEqual([
        {
          url: 'https://api.example.com/issues',
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: { text: '{"title":"Disk füll 💾"}' },
          credential: 'apiToken',
          repeatable: false,
        },
      ]);
      const oracle = await callUnderExtism(as.wasm, 'deliver', input, { status: 201, body: '{"key":"OPS-1"}' });
      expect(oracle).toEqual({ output: called.result.status === 'done' ? called.result.output : '' });

      const again = await drive(as, 'deliver', input, {}, called.journal);
      expect(again).toMatchObject({ runs: 1, result: { output: oracle.output } });
    });

    it('is told by status 0 that there was no answer', async () => {
      const http = () => ({ error: { code: 'EGRESS_FAILED', message: 'no route' } });
      const output = await outputOf(drive(as, 'deliver', JSON.stringify({ change }), { http }));
      expect(JSON.parse(output)).toMatchObject({ result: { outcome: 'retry', reason: 'EGRESS_FAILED' } });
    });

    it('is proved by its imports', () => {
      const findings = checkModule(as.wasm, { permissions: {}, provides: ['ingest', 'deliver'] });
      expect(findings).toMatchObject([{ rule: 'module.permissions', place: expect.stringMatching(/^import \d+$/) }]);
      expect(findings[0]?.message).toContain('http_request');
    });
  });

  describe('in C with WASI', () => {
    const input = JSON.stringify({ change, configuration: { project: 'OPS' } });

    it('has settings, vars and requests as under Extism, and vars last in the store', async () => {
      const store: NonNullable<World['store']> = new Map();
      const world: World = { store, http: () => ({ status: 200, body: 'fine' }) };
      const first = await outputOf(drive(c, 'deliver', input, world));
      expect(JSON.parse(first)).toMatchObject({ result: { note: '200 fine OPS 1 1 0' } });
      expect(
        await callUnderExtism(c.wasm, 'deliver', input, { configuration: { project: 'OPS' }, body: 'fine' }),
      ).toEqual({
        output: first,
      });
      expect(store.get('var:count')).toEqual({ value: '1', version: 1 });
      const second = await outputOf(drive(c, 'deliver', input, world));
      expect(JSON.parse(second)).toMatchObject({ result: { note: '200 fine OPS 2 1 0' } });
    });

    it('replays its vars from the journal, whatever the store holds by then', async () => {
      const world: World = { store: new Map(), http: () => ({ status: 200, body: 'fine' }) };
      const { journal, result, runs } = await drive(c, 'deliver', input, world);
      expect(runs).toBe(4);
      const again = await drive(
        c,
        'deliver',
        input,
        { store: new Map([['var:count', { value: '41', version: 9 }]]) },
        journal,
      );
      expect(again).toMatchObject({ runs: 1, result: { status: 'done' } });
      expect(again.result.status === 'done' && again.result.output).toBe(result.status === 'done' && result.output);
    });

    it('gets clock and randomness of the call, writes lines to its log and finds no file', async () => {
      const { result, logs } = await drive(c, 'actions', '{}');
      if (result.status !== 'done') throw new Error(JSON.stringify(result));
      const { seconds, random, ...denied } = (JSON.parse(result.output) as { result: Record<string, unknown> }).result;
      expect(seconds).toBe(emptyJournal.startedAt / 1000);
      expect(denied).toEqual({ file: 0, refused: 1, home: 0 });
      expect(logs).toEqual([
        { level: 'info', message: 'first line' },
        { level: 'info', message: 'second line' },
        { level: 'warn', message: 'a warning' },
      ]);
      expect(await outputOf(drive(c, 'actions', '{}'))).toBe(result.output);
      const other = await outputOf(drive(c, 'actions', '{}', {}, { ...emptyJournal, seed: '01'.repeat(32) }));
      expect(JSON.parse(other)).not.toMatchObject({ result: { random } });
    });

    it('ends by exit as by returning, and by error_set as a failure', async () => {
      expect(await outputOf(drive(c, 'schedule', '{}'))).toBe('{"abi":1,"result":{"left":true}}');
      expect((await drive(c, 'callback', '{}')).result).toMatchObject({ message: 'it did not work: ä' });
      expect(await callUnderExtism(c.wasm, 'callback', '{}')).toEqual({ error: 'it did not work: ä' });
    });
  });

  it('is not run for a version whose manifest grants less than it imports', async () => {
    const result = await sandbox.run(runOf(as, alert('x'), { grants: ['store'] }));
    expect(result).toMatchObject({ status: 'failed', fault: 'plugin', code: 'PERMISSIONS_UNPROVEN' });
    expect(result.status === 'failed' && result.message).toMatch(
      /^module\.permissions \(import section\): .*"http".*permissions\.http/,
    );
    expect(await sandbox.run(runOf(as, alert('x'), { grants: ['http'] }))).toMatchObject({ status: 'done' });
  });
});
