import { z } from 'zod';
import { deliverInputSchema } from './envelopes.ts';
import { askKinds } from './journal.ts';
import { sandboxLimits } from './limits.ts';
import { deliveryStateSchema } from './rest/deliveries.ts';

/** Changes when a reader of the present version would misread what is written. */
export const EXPORTED_CALL_VERSION = 1;

const digestSchema = z.string().regex(/^[0-9a-f]{64}$/);
const timeSchema = z.int().min(0);

const exportedAnswerSchema = z.union([
  z.object({ ok: z.unknown() }),
  z.object({ error: z.object({ code: z.string().max(64), message: z.string() }) }),
]);

/** The journal of the call as `contract/journal.ts` describes it, with what was asked for in words. */
const exportedJournalSchema = z.object({
  seed: digestSchema,
  startedAt: timeSchema,
  asks: z
    .array(
      z.object({
        kind: z.enum(askKinds),
        /** Of the request as it was made, whatever of it is redacted below. */
        digest: digestSchema,
        blocking: z.boolean(),
        /** JSON text, redacted. For people: a replay compares the digest. */
        request: z.string(),
      }),
    )
    .max(sandboxLimits.asksPerCall),
  batches: z
    .array(
      z.object({
        at: timeSchema,
        answers: z.array(z.tuple([z.int().min(0), exportedAnswerSchema])).max(sandboxLimits.asksPerCall),
      }),
    )
    .max(sandboxLimits.asksPerCall),
});

/**
 * GET /api/deliveries/:id/export: a call of a plugin, with all that the world told it, so that it can be run again
 * elsewhere (`patchbay replay`). What looks like a secret is redacted.
 */
export const exportedCallSchema = z.object({
  format: z.literal('patchbay-call'),
  version: z.literal(EXPORTED_CALL_VERSION),
  exportedAt: z.string(),
  plugin: z.object({ id: z.string(), version: z.string(), moduleSha256: digestSchema }),
  export: z.literal('deliver'),
  /** What has come of it where it ran. */
  delivery: z.object({
    id: z.string(),
    state: deliveryStateSchema,
    attempts: z.int(),
    code: z.string().nullable(),
    message: z.string().nullable(),
  }),
  input: deliverInputSchema,
  journal: exportedJournalSchema,
  /** Where something was taken out, as paths into this document. */
  redacted: z.array(z.string()),
  /**
   *   exactly  the plugin is told what it was told
   *   maybe    something was taken out of the input or of an answer: a plugin that looks at it may go another way
   */
  replays: z.enum(['exactly', 'maybe']),
});
export type ExportedCall = z.infer<typeof exportedCallSchema>;
