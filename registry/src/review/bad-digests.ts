import { appendDecision } from '../log/decision-log.ts';
import type { Registry } from '../registry.ts';
import { checkAllSoon } from './due-versions.ts';

export interface BadDigest {
  sha256: string;
  reason: string;
  addedBy: string;
  addedAt: string;
}

/** Digests of files and packages that nothing may hold, newest first. */
export async function listBadDigests({ db }: Registry): Promise<BadDigest[]> {
  const rows = await db
    .selectFrom('registry_bad_digests')
    .selectAll()
    .orderBy('added_at', 'desc')
    .limit(1000)
    .execute();
  return rows.map((row) => ({
    sha256: row.sha256,
    reason: row.reason,
    addedBy: row.added_by,
    addedAt: row.added_at.toISOString(),
  }));
}

/** From the next check on, what holds this file is refused, and what is published with it is held. */
export async function addBadDigest(registry: Registry, sha256: string, reason: string, by: string): Promise<void> {
  const now = registry.now();
  await registry.db.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('registry_bad_digests')
      .values({ sha256, reason, added_by: by, added_at: now })
      .onConflict((conflict) => conflict.column('sha256').doUpdateSet({ reason }))
      .execute();
    await checkAllSoon(transaction);
    const decision = { actor: by, action: 'digest.condemned', subject: sha256, details: { reason } } as const;
    await appendDecision(transaction, registry.key, decision, now);
  });
}

/** @returns false when it was not there */
export async function removeBadDigest(registry: Registry, sha256: string, by: string): Promise<boolean> {
  const now = registry.now();
  return registry.db.transaction().execute(async (transaction) => {
    const { numDeletedRows } = await transaction
      .deleteFrom('registry_bad_digests')
      .where('sha256', '=', sha256)
      .executeTakeFirst();
    if (numDeletedRows === 0n) return false;
    const decision = { actor: by, action: 'digest.pardoned', subject: sha256, details: {} } as const;
    await appendDecision(transaction, registry.key, decision, now);
    return true;
  });
}
