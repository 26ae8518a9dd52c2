import { sign, type KeyObject } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import { canonicalJson } from '@patchbay/plugin-sdk/package/canonical-json';
import { sha256 } from '@patchbay/plugin-sdk/package/digest';
import { preAuthEncoding, type SigningKey } from '@patchbay/plugin-sdk/package/dsse';
import { ENTRY_TYPE, readEntry, type LogEntry } from './log-entry.ts';
import type { RegistryTables } from '../store/registry-tables.ts';

export const decisions = [
  'policy.recorded',
  'namespace.claimed',
  'namespace.member-changed',
  'namespace.owners-changed',
  'namespace.refused',
  'key.enrolled',
  'key.rotated',
  'key.lost',
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
  'revocation.asked',
  'revocation.withdrawn',
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
  let before = { seq: 0, hash: '' };
  for (const row of rows) {
    if (readEntry(row, before, publicKey) === undefined) return before.seq + 1;
    before = row;
  }
  const head = await db.selectFrom('registry_log_head').selectAll().executeTakeFirstOrThrow();
  return head.seq === before.seq && head.hash === before.hash ? undefined : rows.length + 1;
}
