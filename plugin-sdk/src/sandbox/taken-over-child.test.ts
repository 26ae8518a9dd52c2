import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sandboxLimits } from '../contract/limits.ts';
import { createSandbox, type ProcessSandbox } from './create-sandbox.ts';
import { echo, loaderOf, runOf } from './test-modules.ts';

/**
 * A child that speaks the protocol and echoes its input, until it gets the input "evil": then it does whatever `evil`
 * says, a piece of JavaScript that may use `say(type, header, body)`, `raw(bytes)`, `answer(fields, body)` and `id`.
 */
const childText = (evil: string): string => `
  const raw = (...parts) => process.stdout.write(Buffer.concat(parts));
  const say = (type, header, body = Buffer.alloc(0)) => {
    const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
    const prefix = Buffer.alloc(9);
    prefix.writeUInt32LE(5 + text.length + body.length, 0);
    prefix[4] = type;
    prefix.writeUInt32LE(text.length, 5);
    raw(prefix, text, body);
  };
  let id = 0;
  const start = (...ids) => say(19, { ids, cpuMicros: 0 });
  const answer = (fields, body) => say(20, { id, cpuMicros: 1, memoryBytes: 65536, ...fields }, body);
  const ask = (number, more) => ({
    number, kind: 'http', digest: 'ab'.repeat(32), blocking: false, request: '{"url":"x"}', ...more });
  const evil = () => { ${evil} };
  let held = Buffer.alloc(0);
  process.stdin.on('data', (chunk) => {
    held = Buffer.concat([held, chunk]);
    while (held.length >= 4 && held.length >= 4 + held.readUInt32LE(0)) {
      const frame = held.subarray(4, 4 + held.readUInt32LE(0));
      held = held.subarray(4 + frame.length);
      if (frame[0] !== 3 && frame[0] !== 6) continue;
      const headerEnd = 5 + frame.readUInt32LE(1);
      const header = JSON.parse(frame.subarray(5, headerEnd));
      const input = frame.subarray(headerEnd, headerEnd + header.inputBytes);
      id = header.id;
      if (input.toString() === 'evil') evil();
      else { start(id); answer({ status: 'done' }, input); }
    }
  });
  say(16, '{}');`;

/** Begins as an honest answer to the run would. */
const started = (rest: string): string => `start(id); ${rest}`;
const doneWith = (fields: string, body = "Buffer.from('{}')"): string =>
  started(`answer({ status: 'done', ...${fields} }, ${body});`);
const openWith = (asks: string, waitingFor = '[0]'): string =>
  started(`answer({ status: 'open', asks: ${asks}, waitingFor: ${waitingFor} });`);
const times = (count: number, item: string): string => `Array.from({ length: ${count} }, (_, n) => (${item}))`;

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'patchbay-child-')));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a child that was taken over', () => {
  let logged: string[];
  let bundles = 0;
  const opened: ProcessSandbox[] = [];
  beforeEach(() => (logged = []));
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((sandbox) => sandbox.close()));
  });

  function open(childText: string, patienceMs = 20_000): ProcessSandbox {
    const childBundle = join(folder, `child-${bundles++}.mjs`);
    writeFileSync(childBundle, childText);
    const log = (line: string) => void logged.push(line);
    const sandbox = createSandbox({ loadModule: loaderOf(echo), processes: 1, childBundle, patienceMs, log });
    opened.push(sandbox);
    return sandbox;
  }

  const numbered = (name: string): string[] => Array.from({ length: 5 }, (_, i) => `"${name} ${i}"`);

  /** The evil run between others: those get their answers whatever becomes of it. */
  async function attack(evil: string) {
    const sandbox = open(childText(evil));
    await sandbox.run(runOf(echo));
    const [first] = sandbox.pids();
    const others = [...numbered('before'), ...numbered('after')];
    const runs = others.map((input) => sandbox.run(runOf(echo, input, { group: 'grp_other' })));
    const result = await sandbox.run(runOf(echo, 'evil'));
    const outputs = (await Promise.all(runs)).map((run) => (run.status === 'done' ? run.output : JSON.stringify(run)));
    expect(outputs).toEqual(others);
    return { result, replaced: sandbox.pids().every((pid) => pid !== first), sandbox };
  }

  it.each([
    // The pipe
    ['speaks garbage', "raw(Buffer.alloc(64, 'x'));"],
    ['announces a frame that is longer than any', 'raw(Buffer.from([255, 255, 255, 127, 20]));'],
    ['announces a header that is longer than its frame', 'raw(Buffer.from([5, 0, 0, 0, 20, 255, 0, 0, 0]));'],
    ['sends a frame of no type', "say(99, '{}');"],
    ['says that it is ready once more', "say(16, '{}');"],
    ['starts what it was not sent', 'start(77);'],
    ['starts with a time that is negative', 'say(19, { ids: [id], cpuMicros: -1 });'],
    ['starts with a time without end', 'say(19, `{"ids":[${id}],"cpuMicros":1e999}`);'],
    ['starts with a time that is no number', 'say(19, { ids: [id], cpuMicros: null });'],
    ['starts nothing', 'start();'],
    ['starts what has no number', "start('1');"],
    ['starts more together than may be', 'start(...Array.from({ length: 9 }, (_, n) => id + n));'],
    ['starts together what may not', 'start(id, id + 1);'],
    ['loads what it was not sent', "say(18, { module: 'none', cpuMicros: 0 });"],
    ['has loaded what it was not loading', started("say(18, { module: 'none' }); say(18, { module: 'none' });")],
    ['starts again', started('start(id);')],
    ['answers what it was not sent', "say(20, { id: 77, cpuMicros: 1, memoryBytes: 1, status: 'done' });"],
    ['answers before it has started', "answer({ status: 'done' });"],
    ['answers another than it has started', doneWith('{}').replace('start(id);', 'start(id); id = 0;')],
    // The shape of a result
    ['answers without fields', started('say(20, { id });')],
    ['answers with what is not JSON', started("say(20, '{');")],
    ['keeps a call that has no name', openWith('[ask(0)]').replace("status: 'open'", "status: 'open', parked: true")],
    // The content of a result, of which `answer-problem.test.ts` has all
    ['took a negative time', doneWith('{ cpuMicros: -5 }')],
    ['gives output that is nested deeply', doneWith('{}', "Buffer.from('['.repeat(5000) + ']'.repeat(5000))")],
    [
      'logs too many lines',
      doneWith(`{ logs: ${times(sandboxLimits.logLines + 1, "{ level: 'info', message: '' }")} }`),
    ],
    ['asks with what is not JSON', openWith("[ask(0, { request: 'no json' })]")],
    ['asks in another order', openWith('[ask(1), ask(0)]')],
    ['waits and has asked nothing', openWith('[]')],
  ])('is ended when it %s, and nobody else is hurt', async (_what, evil) => {
    const { result, replaced } = await attack(evil);
    expect(result).toMatchObject({ status: 'failed', fault: 'sandbox', code: 'SANDBOX_UNAVAILABLE' });
    expect(replaced).toBe(true);
    expect(logged.filter((line) => line.includes('spoke nonsense')).length).toBeGreaterThan(0);
  });

  it('cannot say that a run took longer than it was away', async () => {
    const startedAt = performance.now();
    const { result, sandbox } = await attack(doneWith('{ cpuMicros: 1e15 }'));
    expect(result.status).toBe('done');
    const mostMicros = (performance.now() - startedAt) * 1000;
    expect(result.usage.cpuMicros).toBeLessThan(mostMicros);
    for (const { cpuMicrosTotal } of sandbox.statistics()) expect(cpuMicrosTotal).toBeLessThan(10 * mostMicros);
  });

  it.each([
    ['says nothing', ''],
    [
      'sends a frame without end, bit by bit',
      'raw(Buffer.from([0, 0, 1, 0, 20])); setInterval(() => raw(Buffer.alloc(1)), 50);',
    ],
  ])('is ended when it %s', async (_what, evil) => {
    // Long enough for a process to start on a busy machine, which has to be heard of as well.
    const sandbox = open(childText(evil), 2_000);
    expect(await sandbox.run(runOf(echo))).toMatchObject({ status: 'done' });
    expect(await sandbox.run(runOf(echo, 'evil'))).toMatchObject({ fault: 'sandbox', code: 'SANDBOX_UNAVAILABLE' });
    expect(await sandbox.run(runOf(echo))).toMatchObject({ status: 'done' });
  });

  it('that ends itself again and again lets others go first', async () => {
    const sandbox = open(childText(started('process.exit(1);')));
    for (let i = 0; i < 20; i++) await sandbox.run(runOf(echo));
    let ended = 0;
    const evils = Array.from({ length: 3 }, () =>
      sandbox.run(runOf(echo, 'evil', { group: 'grp_evil' })).finally(() => (ended += 1)),
    );
    expect(await sandbox.run(runOf(echo))).toMatchObject({ status: 'done' });
    expect(ended).toBe(0);
    await Promise.all(evils);
  });

  it('cannot let one run wait for ever while it answers others', async () => {
    const sandbox = open(childText(''));
    expect(await sandbox.run(runOf(echo))).toMatchObject({ status: 'done' });
    let waits = true;
    const evil = sandbox.run(runOf(echo, 'evil')).finally(() => (waits = false));
    while (waits) expect(await sandbox.run(runOf(echo))).toMatchObject({ status: 'done' });
    expect(await evil).toMatchObject({ fault: 'sandbox', code: 'SANDBOX_UNAVAILABLE' });
  });

  it('is ended by the clock when it starts a run and does nothing, which is held against nobody', async () => {
    const sandbox = open(childText(started('')));
    const limits = { runCpuMs: 1_000, runWallMs: 1_500 };
    const result = await sandbox.run(runOf(echo, 'evil', { limits }));
    expect(result).toMatchObject({ status: 'failed', code: 'PLUGIN_TIMEOUT' });
    const [counted] = sandbox.statistics();
    expect(counted).toMatchObject({ errors: { PLUGIN_TIMEOUT: 1 }, strikes: { cpu: 0, trap: 0 } });
    expect(await sandbox.run(runOf(echo))).toMatchObject({ status: 'done' });
  });

  it('that dies under runs that it started together takes none with it', async () => {
    // What is sent to be started alone is answered.
    const text = childText('').replace(
      'else { start(id)',
      'else if (frame[0] === 6) { quick.push(id); } else { start(id)',
    );
    const together = `let quick = []; ${text} setInterval(() => {
      if (quick.length > 1) { start(...quick.slice(0, 8)); process.exit(1); }
      else if (quick.length === 1) { id = quick.pop(); start(id); answer({ status: 'done' }, Buffer.from('{}')); }
    }, 20);`;
    const sandbox = open(together);
    for (let i = 0; i < 20; i++) expect(await sandbox.run(runOf(echo))).toMatchObject({ status: 'done' });
    const runs = await Promise.all(Array.from({ length: 5 }, () => sandbox.run(runOf(echo))));
    expect(runs).toEqual(runs.map(() => expect.objectContaining({ status: 'done' })));
    expect(logged).toContainEqual(expect.stringContaining('started together'));
    for (const { errors, strikes } of sandbox.statistics())
      expect([errors, strikes]).toEqual([{}, { cpu: 0, trap: 0 }]);
  });

  it('that cannot start at all makes runs fail, not wait', async () => {
    const sandbox = open('process.exit(1)');
    expect(await sandbox.run(runOf(echo))).toMatchObject({ fault: 'sandbox', code: 'SANDBOX_UNAVAILABLE' });
  });
});
