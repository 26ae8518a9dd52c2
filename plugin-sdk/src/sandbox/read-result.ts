import { z } from 'zod';
import { logLevels } from '../contract/abi.ts';
import { pluginErrorSchema } from '../contract/envelopes.ts';
import type { ErrorCode } from '../contract/error-codes.ts';
import { askKinds } from '../contract/journal.ts';
import { sandboxLimits } from '../contract/limits.ts';
import type { RunResult } from '../contract/run.ts';
import { textProblem } from './json-text.ts';

/** By what a run that a child answered itself may have failed. */
const failureCodes = [
  'ASKS_EXCEEDED',
  'ASK_INVALID',
  'JOURNAL_TOO_LARGE',
  'LOG_BYTES_EXCEEDED',
  'LOG_LINES_EXCEEDED',
  'MEMORY_EXCEEDED',
  'MODULE_INVALID',
  'NON_DETERMINISTIC',
  'OUTPUT_INVALID',
  'OUTPUT_TOO_LARGE',
  'PLUGIN_ERROR',
  'PLUGIN_TRAP',
  'SANDBOX_UNAVAILABLE',
  'STALLED',
] as const satisfies readonly ErrorCode[];

/** Of a failure's message: a plugin's error with its name, and some words of ours. */
const MESSAGE_CHARS = 8192;
/** Of an ask's kind and digest. */
const ASK_CHARS = 128;
/** What a result puts around the fields of a log line. */
const LEVELS_AROUND = 4;

/** A list whose length is known to be bounded before anybody looks into it. */
function listOf<T extends z.ZodType>(item: T, most: number) {
  return z
    .custom<unknown[]>((value) => Array.isArray(value) && value.length <= most, `Not a list of at most ${most}`)
    .pipe(z.array(item));
}

const askKindSchema = z.enum(askKinds);
const askNumberSchema = z.int().min(0).max(sandboxLimits.asksPerCall);

const newAskSchema = z.object({
  number: askNumberSchema,
  kind: askKindSchema,
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  blocking: z.boolean(),
  request: z.string(),
});

const logLineSchema = z.object({
  level: z.enum(logLevels),
  message: z.string(),
  fields: z
    .custom<Record<string, unknown>>((value) => typeof value === 'object' && value !== null && !Array.isArray(value))
    .exactOptional(),
});

const failureSchema = z.object({
  code: z.enum(failureCodes),
  message: z.string().max(MESSAGE_CHARS),
  error: pluginErrorSchema.optional(),
  ask: z
    .object({
      number: askNumberSchema,
      kind: askKindSchema,
      expected: z.string().max(ASK_CHARS),
      got: z.string().max(ASK_CHARS),
    })
    .optional(),
});

const resultSchema = z.object({
  id: z.int(),
  cpuMicros: z.number().min(0),
  memoryBytes: z.int().min(0).max(sandboxLimits.memoryBytes),
  status: z.enum(['done', 'open', 'failed']),
  parked: z.literal(true).optional(),
  asks: listOf(newAskSchema, sandboxLimits.asksPerCall).default([]),
  waitingFor: listOf(askNumberSchema, sandboxLimits.asksPerCall).default([]),
  logs: listOf(logLineSchema, sandboxLimits.logLines).default([]),
  failure: failureSchema.optional(),
});

interface ReadResult {
  /** Of the run. */
  id: number;
  /** The child has kept the instance. */
  parked: boolean;
  result: RunResult;
}

/**
 * The `result` frame of a child as the caller sees it, with the id of the run. What comes from a child is checked like
 * anything from outside: a plugin may have taken it over. Throws when it has not the shape of a result; whether it is an
 * answer to that run is `answerProblem`'s to say.
 */
export function readResult(header: string, body: Buffer): ReadResult {
  const problem = textProblem(Buffer.from(header), sandboxLimits.jsonDepth + LEVELS_AROUND);
  if (problem !== undefined) throw new Error(`the header of a result ${problem}`);
  const read = resultSchema.parse(JSON.parse(header));
  const { id, asks, waitingFor, logs, failure } = read;
  const usage = { cpuMicros: read.cpuMicros, memoryBytes: read.memoryBytes };
  if (read.status === 'done')
    return { id, parked: false, result: { status: 'done', output: outputIn(body), asks, logs, usage } };
  if (read.status === 'open')
    return { id, parked: read.parked === true, result: { status: 'open', asks, waitingFor, logs, usage } };
  if (failure === undefined) throw new Error('a failed result without a failure');
  const { code, message, error, ask } = failure;
  const fault = code === 'SANDBOX_UNAVAILABLE' ? 'sandbox' : 'plugin';
  return {
    id,
    parked: false,
    result: {
      status: 'failed',
      fault,
      code,
      message,
      ...(error !== undefined && { error }),
      ...(ask !== undefined && { ask }),
      logs,
      usage,
    },
  };
}

function outputIn(body: Buffer): string {
  const problem = textProblem(body);
  if (problem !== undefined) throw new Error(`an output ${problem}`);
  return body.toString('utf8');
}
