import { sign, verify, type KeyObject } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import { canonicalJson } from '@patchbay/plugin-sdk/package/canonical-json';
import { sha256 } from '@patchbay/plugin-sdk/package/digest';
import { preAuthEncoding, type SigningKey } from '@patchbay/plugin-sdk/package/dsse';
import type { RegistryTables } from '../store/registry-tables.ts';

export const decisions = [
  'policy.recorded',
  'namespace.claimed',
  'key.enrolled',
  'key.rotated',
  'submission.rejected',
  'submission.reviewed',
  'submission.changes-requested',
  'submission.approved',
  'submission.quarantined',
  'version.published',
  'version.yanked',
  'version.unyanked',
  'version.held',
  'version.released',
  'version.revoked',
  'plugin.deprecated',
  'plugin.undeprecated',
  'report.decided',
  'check.changed',
  'finding.waived',
  'digest.condemned',
  'digest.pardoned',
] as const;

export interface Decision {
  /** Who decided: a person, or `policy:NAME`. */
  actor: string;
  action: (typeof decisions)[number];
  /** What it is about: a plugin and version, a namespace, a key. */
  subject: string;
  details: Record<string, unknown>;
}

interface LogEntry extends Decision {
  seq: number;
  /** ISO 8601, UTC. */
  at: string;
  /** Hash of the entry before; empty for the first. */
  previous: string;
}

const ENTRY_TYPE = 'application/vnd.patchbay.log-entry+json';

/**
 * Appends a decision, in the transaction that carries it out. Each entry names the hash of the one before and is
 * signed, so that none can be changed, taken out or put between without the key; the head's lock keeps them in line.
 */
export async function appendDecision(
  transaction: Transaction<RegistryTables>,
  key: SigningKey,
  decision: Decision,
  now: Date,
): Promise<void> {
  const head = await transaction
    .selectFrom('registry_log_head')
    .select(['seq', 'hash'])
    .where('id', '=', 1)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const seq = head.seq + 1;
  const entry = canonicalJson({ ...decision, seq, at: now.toISOString(), previous: head.hash } satisfies LogEntry);
  const hash = sha256(entry);
  const signature = sign(null, preAuthEncoding(ENTRY_TYPE, Buffer.from(entry)), key.privateKey).toString('base64');
  await transaction.insertInto('registry_log').values({ seq, entry, hash, signature }).execute();
  await transaction.updateTable('registry_log_head').set({ seq, hash }).where('id', '=', 1).execute();
}

/** The first entry that does not follow from the one before, or undefined when the whole log holds. */
export async function firstBrokenEntry(db: Kysely<RegistryTables>, publicKey: KeyObject): Promise<number | undefined> {
  const rows = await db.selectFrom('registry_log').selectAll().orderBy('seq').execute();
  let previous = '';
  for (const [index, { seq, entry, hash, signature }] of rows.entries()) {
    const { seq: written, previous: named } = JSON.parse(entry) as LogEntry;
    const signed = verify(
      null,
      preAuthEncoding(ENTRY_TYPE, Buffer.from(entry)),
      publicKey,
      Buffer.from(signature, 'base64'),
    );
    const expected = index + 1;
    if (seq !== expected || written !== expected || named !== previous || hash !== sha256(entry) || !signed)
      return expected;
    previous = hash;
  }
  const head = await db.selectFrom('registry_log_head').selectAll().executeTakeFirstOrThrow();
  return head.seq === rows.length && head.hash === previous ? undefined : rows.length + 1;
}
