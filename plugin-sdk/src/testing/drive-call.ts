import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import {
  emitAskSchema,
  httpAskSchema,
  sleepAskSchema,
  storeAskSchema,
  type AskAnswer,
  type EmitAsk,
  type HttpAsk,
  type HttpAnswer,
  type Journal,
} from '../contract/journal.ts';
import type { ErrorCode } from '../contract/error-codes.ts';
import type { LogLine, NewAsk, RunRequest, RunResult, Sandbox } from '../contract/run.ts';
import { sandboxLimits } from '../contract/limits.ts';
import { performStore, type MemoryStore } from './memory-store.ts';

/** How a test stands in for the world. What is not given is answered with an error that the plugin sees. */
export interface World {
  /** Answers a request; throwing, or `{error}`, is an error that the plugin can catch. */
  http?: (ask: HttpAsk, number: number) => HttpReply | Promise<HttpReply>;
  /** Called for each emitted event. */
  emit?: (ask: EmitAsk) => void;
  /** The store's contents; changed by the call. */
  store?: MemoryStore;
  /** Called with each ask and its answer, in the order of asking. */
  seen?: (ask: NewAsk, answer: AskAnswer) => void;
}

export type HttpReply =
  { status: number; headers?: Record<string, string>; body?: unknown } | { error: { code: string; message: string } };

export interface CallOutcome {
  result: Exclude<RunResult, { status: 'open' }>;
  journal: Journal;
  runs: number;
  logs: LogLine[];
}

type CallRequest = Omit<RunRequest, 'journal'>;

/**
 * Runs a call to its end: performs what a run asked for, writes the answers into the journal, runs again. Every round
 * of open asks is answered as one batch, in the order of asking; a sleep moves the clock by its length at once.
 *
 * @param journal to go on from; by default a new one with a random seed that starts now
 */
export async function driveCall(
  sandbox: Sandbox,
  request: CallRequest,
  world: World = {},
  journal: Journal = { seed: randomBytes(32).toString('hex'), startedAt: Date.now(), asks: [], batches: [] },
): Promise<CallOutcome> {
  const going: Journal = structuredClone(journal);
  const store: MemoryStore = world.store ?? new Map();
  let at = Math.max(going.startedAt, ...going.batches.map((batch) => batch.at));
  let cpuMicros = 0;
  for (let runs = 1; ; runs++) {
    const result = await sandbox.run({ ...request, journal: going });
    cpuMicros += result.usage.cpuMicros;
    const ended = (outcome: CallOutcome['result']): CallOutcome => ({
      result: outcome,
      journal: going,
      runs,
      logs: outcome.logs,
    });
    if (result.status === 'failed') return ended(result);
    if (cpuMicros > sandboxLimits.callCpuMs * 1000) return ended(overCpu(result, cpuMicros));
    if (result.status === 'done') return ended(result);
    if (runs > sandboxLimits.asksPerCall) throw new Error('the call does not end');
    const spent = overBudget(going, result.asks);
    const answers: [number, AskAnswer][] = [];
    for (const ask of result.asks) {
      const { number, kind, digest, blocking } = ask;
      going.asks.push({ kind, digest, blocking });
      const performed = spent === undefined ? await perform(ask, world, store) : { answer: spent, millis: 0 };
      at += performed.millis;
      world.seen?.(ask, performed.answer);
      answers.push([number, performed.answer]);
    }
    if (answers.length === 0) throw new Error(`the call waits for asks ${result.waitingFor.join(', ')} of its journal`);
    going.batches.push({ at, answers });
  }
}

function overCpu({ logs, usage }: RunResult, cpuMicros: number): CallOutcome['result'] {
  const message = `All runs of the call together took ${Math.round(cpuMicros / 1000)} ms of CPU; ${sandboxLimits.callCpuMs} are allowed.`;
  return { status: 'failed', fault: 'plugin', code: 'CALL_CPU_EXCEEDED', message, logs, usage };
}

/** The answer to every further ask once a budget of the call is used up, as a host gives it. */
function overBudget(journal: Journal, asks: readonly NewAsk[]): AskAnswer | undefined {
  const requests = [...journal.asks, ...asks].filter(({ kind }) => kind === 'http').length;
  if (requests > sandboxLimits.requestsPerCall)
    return budget('REQUESTS_EXCEEDED', `A call makes at most ${sandboxLimits.requestsPerCall} requests`);
  const bytes = JSON.stringify(journal.batches).length + asks.reduce((sum, { request }) => sum + request.length, 0);
  return bytes > sandboxLimits.journalBytes
    ? budget('JOURNAL_TOO_LARGE', `The journal of a call holds at most ${sandboxLimits.journalBytes} bytes`)
    : undefined;
}

function budget(code: ErrorCode, message: string): AskAnswer {
  return { error: { code, message } };
}

async function perform(ask: NewAsk, world: World, store: MemoryStore): Promise<{ answer: AskAnswer; millis: number }> {
  const request: unknown = JSON.parse(ask.request);
  try {
    switch (ask.kind) {
      case 'http':
        return { answer: await performHttp(httpAskSchema.parse(request), ask.number, world), millis: 1 };
      case 'store':
        return { answer: performStore(storeAskSchema.parse(request), store), millis: 0 };
      case 'emit':
        world.emit?.(emitAskSchema.parse(request));
        return { answer: { ok: null }, millis: 0 };
      case 'schedule':
        return { answer: { ok: null }, millis: sleepAskSchema.parse(request).ms };
    }
  } catch (error) {
    if (error instanceof z.ZodError)
      return { answer: { error: { code: 'REQUEST_REFUSED', message: z.prettifyError(error) } }, millis: 0 };
    const message = error instanceof Error ? error.message : 'failed';
    return { answer: { error: { code: 'EGRESS_FAILED', message } }, millis: 1 };
  }
}

async function performHttp(ask: HttpAsk, number: number, world: World): Promise<AskAnswer> {
  if (world.http === undefined)
    return { error: { code: 'EGRESS_FAILED', message: `this test answers no requests (${ask.method} ${ask.url})` } };
  const reply = await world.http(ask, number);
  if ('error' in reply) return reply;
  const text = typeof reply.body === 'string' ? reply.body : reply.body === undefined ? '' : JSON.stringify(reply.body);
  const json = typeof reply.body === 'string' || reply.body === undefined ? {} : { 'content-type': 'application/json' };
  const answer: HttpAnswer = { status: reply.status, headers: { ...json, ...reply.headers }, body: { text } };
  return { ok: answer };
}
