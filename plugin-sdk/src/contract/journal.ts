import { z } from 'zod';
import { bodySchema } from './envelopes.ts';
import { capabilities } from './permissions.ts';

/**
 * The journal of a call: everything that the world told the plugin, so that running it again from the start gives
 * the same asks in the same order.
 *
 *   asks     in the order of asking; each keeps the digest of its request, so that a replay which asks for
 *            something else at the same number is found out (NON_DETERMINISTIC)
 *   batches  in the order of handing over; a batch is handed over only when the plugin has nothing left to do,
 *            names the time at which its clock stands, and answers one ask or several, in this order
 *   seed     32 random bytes from which all randomness of the call is drawn
 *   startedAt  the time at which the clock stands before the first batch
 *
 * A blocking ask (`Http.request` of an Extism PDK) takes a batch of its own that holds just its answer.
 */
export const askKinds = capabilities;
export type AskKind = (typeof askKinds)[number];

/** What the plugin wants, as JSON text written by the guest; its bytes are what is digested. */
export type AskRequest = HttpAsk | StoreAsk | SleepAsk | EmitAsk;

export const httpAskSchema = z.strictObject({
  url: z.string().max(8192),
  method: z.string().max(16),
  headers: z.record(z.string(), z.string()),
  body: bodySchema.nullable(),
  /** Name of a declared secret that the egress attaches. */
  credential: z.string().max(64).nullable(),
  /** The author says that sending it twice does no harm. */
  repeatable: z.boolean(),
});
export type HttpAsk = z.infer<typeof httpAskSchema>;

/** A database takes neither U+0000 nor half of a surrogate pair. */
const storableKey = z
  .string()
  .max(256)
  .refine((key) => !/[\0\ud800-\udfff]/u.test(key), 'Not storable');
const storeKey = storableKey.min(1);

export const storeAskSchema = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('get'), key: storeKey }),
  z.strictObject({
    op: z.literal('set'),
    key: storeKey,
    value: z.unknown(),
    /** Write only if the stored version is this one; 0 means: only if there is none. */
    ifVersion: z.int().min(0).nullable(),
  }),
  z.strictObject({ op: z.literal('delete'), key: storeKey, ifVersion: z.int().min(0).nullable() }),
  z.strictObject({ op: z.literal('list'), prefix: storableKey, after: storableKey.nullable() }),
]);
export type StoreAsk = z.infer<typeof storeAskSchema>;

/** The longest that permissions.schedule can grant. */
const SLEEP_MAX_MS = 604_800_000;
export const sleepAskSchema = z.strictObject({ op: z.literal('sleep'), ms: z.number().min(0).max(SLEEP_MAX_MS) });
export type SleepAsk = z.infer<typeof sleepAskSchema>;

export const emitAskSchema = z.strictObject({ kind: z.string().min(1).max(64), data: z.unknown() });
export type EmitAsk = z.infer<typeof emitAskSchema>;

export const httpAnswerSchema = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  body: bodySchema,
});
export type HttpAnswer = z.infer<typeof httpAnswerSchema>;

/** `get`: the value or null with its version; `set`: the new version; `list`: the keys. */
export const storeAnswerSchema = z.object({
  value: z.unknown().optional(),
  version: z.int().optional(),
  keys: z.array(z.string()).optional(),
});
export type StoreAnswer = z.infer<typeof storeAnswerSchema>;

/** An answer is the value of its kind, or an error that the plugin can catch. */
export type AskAnswer = { ok: unknown } | { error: { code: string; message: string } };

export interface JournalAsk {
  kind: AskKind;
  /** sha256 in hex over `kind`, a line feed and the request's text. */
  digest: string;
  blocking: boolean;
}

export interface JournalBatch {
  /** Milliseconds since the epoch. */
  at: number;
  /** Ask number and answer, in the order of handing over. */
  answers: [ask: number, answer: AskAnswer][];
}

export interface Journal {
  /** 32 bytes in hex. */
  seed: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
  asks: JournalAsk[];
  batches: JournalBatch[];
}
