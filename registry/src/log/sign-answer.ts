import { canonicalJson } from '@patchbay/plugin-sdk/package/canonical-json';
import { sha256 } from '@patchbay/plugin-sdk/package/digest';
import type { Envelope } from '@patchbay/plugin-sdk/package/dsse';
import { signStatement } from '@patchbay/plugin-sdk/package/statement';
import type { z } from 'zod';
import type { Registry } from '../registry.ts';

/**
 * An answer of the catalogue, signed for the question and numbered with the newest decision, so that neither an older
 * answer nor that to another question can be put in its place. The number is read first: it never says more than the
 * answer knows.
 *
 * @param schema how the answer is written; what is signed is exactly that
 */
export async function signAnswer<T extends z.ZodObject>(
  { db, key, now }: Registry,
  question: object,
  schema: T,
  answer: () => Promise<z.input<T> | undefined>,
): Promise<(z.output<T> & { signed: Envelope }) | undefined> {
  const { seq, hash } = await db.selectFrom('registry_log_head').select(['seq', 'hash']).executeTakeFirstOrThrow();
  const given = await answer();
  if (given === undefined) return undefined;
  const said = schema.parse(given);
  const statement = {
    ...{ number: seq, logHash: hash, issuedAt: now().toISOString() },
    ...{ question: sha256(canonicalJson(question)), answer: sha256(canonicalJson(said)) },
  };
  return { ...said, signed: signStatement('catalogue', statement, key) };
}
