import { z } from 'zod';
import { isErrorCode, type ErrorCode } from '../contract/error-codes.ts';
import { logLevels } from '../contract/abi.ts';
import { pluginErrorSchema } from '../contract/envelopes.ts';
import { askKinds } from '../contract/journal.ts';
import type { RunResult } from '../contract/run.ts';

const askKindSchema = z.enum(askKinds);

const newAskSchema = z.object({
  number: z.int().min(0),
  kind: askKindSchema,
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  blocking: z.boolean(),
  request: z.string(),
});

const logLineSchema = z.object({
  level: z.enum(logLevels),
  message: z.string(),
  fields: z.record(z.string(), z.unknown()).exactOptional(),
});

const failureSchema = z.object({
  code: z.custom<ErrorCode>((value) => typeof value === 'string' && isErrorCode(value)),
  message: z.string(),
  error: pluginErrorSchema.optional(),
  ask: z.object({ number: z.int(), kind: askKindSchema, expected: z.string(), got: z.string() }).optional(),
});

const resultSchema = z.object({
  id: z.int(),
  cpuMicros: z.number().min(0),
  memoryBytes: z.number().min(0),
  status: z.enum(['done', 'open', 'failed']),
  parked: z.literal(true).optional(),
  asks: z.array(newAskSchema).default([]),
  waitingFor: z.array(z.int().min(0)).default([]),
  logs: z.array(logLineSchema).default([]),
  failure: failureSchema.optional(),
});

/**
 * The `result` frame of a child as the caller sees it, with the id of the run. What comes from a child is checked like
 * anything from outside: a plugin may have taken it over. Throws when it has not the shape of a result.
 */
export function readResult(header: string, body: Buffer): { id: number; parked: boolean; result: RunResult } {
  const read = resultSchema.parse(JSON.parse(header));
  const { id, asks, waitingFor, logs, failure } = read;
  const usage = { cpuMicros: read.cpuMicros, memoryBytes: read.memoryBytes };
  if (read.status === 'done')
    return { id, parked: false, result: { status: 'done', output: body.toString('utf8'), asks, logs, usage } };
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
