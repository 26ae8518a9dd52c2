import { describe, expect, it } from 'vitest';
import { sandboxLimits } from '../contract/limits.ts';
import type { RunLimits, RunRequest } from '../contract/run.ts';
import { answerProblem } from './answer-problem.ts';
import { readResult } from './read-result.ts';
import { echo, emptyJournal, runOf } from './test-modules.ts';

const ask = (number: number, more: object = {}) => ({
  number,
  kind: 'http',
  digest: 'ab'.repeat(32),
  blocking: false,
  request: '{"url":"x"}',
  ...more,
});
const asks = (count: number, more: object = {}) => Array.from({ length: count }, (_, number) => ask(number, more));
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const line = (more: object) => ({ level: 'info', message: '', ...more });

const done = { id: 1, cpuMicros: 1, memoryBytes: 65_536, status: 'done' };
const open = { ...done, status: 'open', asks: [ask(0)], waitingFor: [0] };
const failed = (failure: object) => ({ ...done, status: 'failed', failure: { message: 'so', ...failure } });

/** What the parent has against a result, whatever part of it notices. */
function problemOf(header: object | string, body: Buffer | string = '{}', request: RunRequest = runOf(echo)) {
  const text = typeof header === 'string' ? header : JSON.stringify(header);
  try {
    const { result } = readResult(text, Buffer.from(body));
    return answerProblem(request, result);
  } catch (error) {
    return error instanceof Error ? error.message : 'thrown';
  }
}

describe('the result of a run', () => {
  it.each([
    ['its output', done, 'x'.repeat(sandboxLimits.outputBytes)],
    ['asks', open, ''],
    ['as many asks as a call may', { ...open, asks: asks(sandboxLimits.asksPerCall) }, ''],
    ['asks that nobody waits for', { ...done, asks: [ask(0)] }, '{}'],
    ['as much log as it may', { ...done, logs: [line({ message: 'é'.repeat(sandboxLimits.logBytes / 2) })] }, '{}'],
    ['as many lines', { ...done, logs: Array.from({ length: sandboxLimits.logLines }, () => line({})) }, '{}'],
    ['fields that JSON writes longer', { ...done, logs: [line({ fields: { a: Array(16_000).fill(1e20) } })] }, '{}'],
    ['a failure', failed({ code: 'PLUGIN_ERROR', error: { name: 'E', message: 'm', stack: 's' } }), ''],
  ])('is taken with %s', (_what, header, body) => {
    expect(problemOf(header, body)).toBeUndefined();
  });

  it('is taken with fields as deep as a plugin may write them', () => {
    const { jsonDepth } = sandboxLimits;
    const logs = (levels: number) =>
      `${JSON.stringify(done).slice(0, -1)},"logs":[{"level":"info","message":"","fields":{"a":${nested(levels)}}}]}`;
    expect(problemOf(logs(jsonDepth - 2))).toBeUndefined();
    expect(problemOf(logs(jsonDepth + 2))).toContain('nested');
  });

  it.each<[string, object | string, (Buffer | string)?]>([
    ['is not JSON', '{'],
    ['is not an object', '[]'],
    ['has no fields', { id: 1 }],
    ['has a list of a million zeros', { ...done, asks: Array(1_000_000).fill(0) }],
    ['waits for a list of a million zeros', { ...open, waitingFor: Array(1_000_000).fill(0) }],
    ['is nested deeply', `{"id":1,"logs":${nested(100_000)}}`],
    ['failed for no reason', { ...done, status: 'failed' }],
    ['failed by what no run fails by', failed({ code: 'KEY_INVALID' })],
    ['failed by what only the parent says', failed({ code: 'PLUGIN_QUARANTINED' })],
    ['failed with a message without end', failed({ code: 'PLUGIN_TRAP', message: 'x'.repeat(100_000) })],
    ['failed at an ask that there is not', failed({ code: 'NON_DETERMINISTIC', ask: { number: -1 } })],
    // What it used
    ['took a negative time', { ...done, cpuMicros: -5 }],
    ['took a time that is no number', { ...done, cpuMicros: null }],
    ['took a time without end', JSON.stringify(done).replace('"cpuMicros":1', '"cpuMicros":1e999')],
    ['used a negative amount of memory', { ...done, memoryBytes: -1 }],
    ['used more memory than there is', { ...done, memoryBytes: sandboxLimits.memoryBytes + 1 }],
    // Output
    ['has too much output', done, ' '.repeat(sandboxLimits.outputBytes + 1)],
    ['has too much output in few characters', done, 'é'.repeat(sandboxLimits.outputBytes / 2 + 1)],
    ['has output that is not UTF-8', done, Buffer.from([0x22, 0xff, 0x22])],
    ['has output that is nested deeply', done, nested(5000)],
    // Logs
    ['has too many lines', { ...done, logs: Array.from({ length: sandboxLimits.logLines + 1 }, () => line({})) }],
    ['logs too much', { ...done, logs: [line({ message: 'x'.repeat(sandboxLimits.logBytes + 1) })] }],
    ['logs too much in fields', { ...done, logs: [line({ fields: { a: 'x'.repeat(8 * sandboxLimits.logBytes) } })] }],
    ['logs at a level that there is not', { ...done, logs: [line({ level: 'loud' })] }],
    ['logs fields that are a list', { ...done, logs: [line({ fields: [] })] }],
    ['logs too much and failed', { ...failed({ code: 'STALLED' }), logs: [line({ message: 'x'.repeat(70_000) })] }],
    // Asks
    ['asks with what is not JSON', { ...open, asks: [ask(0, { request: 'no json' })] }],
    ['asks with a number', { ...open, asks: [ask(0, { request: '7' })] }],
    ['asks with a list', { ...done, asks: [ask(0, { request: '[]' })] }],
    ['asks with JSON that is nested deeply', { ...open, asks: [ask(0, { request: `{"a":${nested(900)}}` })] }],
    ['asks with a digest that is none', { ...open, asks: [ask(0, { digest: 'abc' })] }],
    ['asks for what is no capability', { ...open, asks: [ask(0, { kind: 'files' })] }],
    ['begins to ask at one', { ...open, asks: [ask(1)], waitingFor: [1] }],
    ['asks in another order', { ...open, asks: [ask(1), ask(0)] }],
    ['asks under one number twice', { ...open, asks: [ask(0), ask(0)] }],
    ['asks under half a number', { ...open, asks: [ask(0.5)] }],
    ['asks under a negative number', { ...open, asks: [ask(-1)] }],
    ['asks more often than a call may', { ...open, asks: asks(sandboxLimits.asksPerCall + 1) }],
    [
      'asks for more than a journal holds',
      { ...open, asks: asks(5, { request: JSON.stringify({ a: 'x'.repeat(sandboxLimits.journalBytes / 4) }) }) },
    ],
    // What it waits for
    ['waits for nothing', { ...open, waitingFor: [] }],
    ['waits for what was never asked', { ...open, waitingFor: [0, 1] }],
    ['waits for a negative number', { ...open, waitingFor: [-1] }],
    ['waits and has asked nothing', { ...open, asks: [], waitingFor: [0] }],
  ])('is refused when it %s', (_what, header, body) => {
    expect(problemOf(header, body)).toBeDefined();
  });

  it('keeps the narrower limits of its run', () => {
    const logs = [line({ message: 'hello' }), line({})];
    const under = (limits: Partial<RunLimits>, header: object) => problemOf(header, '{}', { ...runOf(echo), limits });
    expect(under({ outputBytes: 1 }, done)).toContain('gives more');
    expect(under({ logLines: 1 }, { ...done, logs })).toContain('logs more');
    expect(under({ logBytes: 4 }, { ...done, logs })).toContain('logs more');
    expect(under({ asksPerCall: 0 }, open)).toContain('asks more often');
    expect(under({ outputBytes: 2, logLines: 2, logBytes: 5, asksPerCall: 0 }, { ...done, logs })).toBeUndefined();
  });

  it('asks for nothing that was not granted', () => {
    const granted = (grants: RunRequest['grants']) => problemOf(open, '', { ...runOf(echo), grants });
    expect(granted(['store', 'emit'])).toContain('not granted');
    expect(granted(['http'])).toBeUndefined();
  });

  describe('of a call that goes on', () => {
    const journal = {
      ...emptyJournal,
      asks: [0, 1].map(() => ({ kind: 'http' as const, digest: 'ab'.repeat(32), blocking: false })),
      batches: [{ at: emptyJournal.startedAt + 1, answers: [[0, { ok: null }] as [number, { ok: null }]] }],
    };
    const goingOn = (header: object) => problemOf({ ...open, ...header }, '', runOf(echo, '{}', { journal }));

    it('goes on from its journal', () => {
      expect(goingOn({ asks: [ask(2)], waitingFor: [1, 2] })).toBeUndefined();
      expect(goingOn({ asks: [], waitingFor: [1] })).toBeUndefined();
    });

    it.each([
      ['asks again what was asked', { asks: [ask(1)], waitingFor: [1] }],
      ['leaves a number out', { asks: [ask(3)], waitingFor: [3] }],
      ['waits for what was answered', { asks: [ask(2)], waitingFor: [0, 2] }],
      ['asks more often than is left', { asks: asks(sandboxLimits.asksPerCall - 1), waitingFor: [1] }],
    ])('is refused when it %s', (_what, header) => {
      expect(goingOn(header)).toBeDefined();
    });
  });
});
