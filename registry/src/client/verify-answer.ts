import type { KeyObject } from 'node:crypto';
import { canonicalJson } from '@patchbay/plugin-sdk/package/canonical-json';
import { sha256 } from '@patchbay/plugin-sdk/package/digest';
import { envelopeSchema, keyId } from '@patchbay/plugin-sdk/package/dsse';
import { verifyEnvelope } from '@patchbay/plugin-sdk/package/statement';
import type { LogPlace } from './registry-trust.ts';

export type AnswerOutcome = { ok: true; place: LogPlace } | { ok: false; message: string };

/** Verifies that an answer of the catalogue is the one that the trusted key signed for this question. */
export function verifyAnswer(answer: unknown, question: object, key: KeyObject): AnswerOutcome {
  const { signed, ...said }: { signed?: unknown } = typeof answer === 'object' && answer !== null ? answer : {};
  const envelope = envelopeSchema.safeParse(signed);
  if (!envelope.success) return { ok: false, message: 'it is not signed' };
  const opened = verifyEnvelope('catalogue', envelope.data, new Map([[keyId(key), key]]));
  if (!opened.ok) return { ok: false, message: opened.message };
  const { number, logHash, ...digests } = opened.statement;
  if (digests.question !== sha256(canonicalJson(question)))
    return { ok: false, message: 'it was signed for another question' };
  if (digests.answer !== sha256(canonicalJson(said))) return { ok: false, message: 'it is not what was signed' };
  return { ok: true, place: { number, logHash } };
}
