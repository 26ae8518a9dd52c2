import type { Envelope } from '@patchbay/plugin-sdk/package/dsse';
import { signStatement } from '@patchbay/plugin-sdk/package/statement';
import type { Registry } from '../registry.ts';

const HOUR_MS = 60 * 60 * 1000;
/** A host that hears nothing for this long installs and updates nothing. */
const VALID_MS = 24 * HOUR_MS;
/** The same content is signed again after this, so that a list is never close to its end. */
const RENEW_MS = HOUR_MS;

const issued = new WeakMap<Registry['db'], { seq: number; at: number; envelope: Envelope }>();

/**
 * The signed list of revoked versions. Its number is that of the newest decision in the log, whose hash it carries: it
 * grows with every decision and never goes back, and two lists of one number with different hashes show a registry
 * that tells different hosts different things.
 */
export async function revocationList(registry: Registry): Promise<Envelope> {
  const { db } = registry;
  const head = await db.selectFrom('registry_log_head').select(['seq', 'hash']).executeTakeFirstOrThrow();
  const seq = head.seq;
  const now = registry.now();
  const last = issued.get(db);
  if (last !== undefined && last.seq === seq && now.getTime() - last.at < RENEW_MS) return last.envelope;
  const rows = await db
    .selectFrom('registry_versions')
    .select(['plugin_id', 'version', 'module_sha256', 'revocation_kind', 'revocation_reason', 'revoked_at'])
    .where('revoked_at', 'is not', null)
    .orderBy('plugin_id')
    .orderBy('version')
    .execute();
  const envelope = signStatement(
    'revocations',
    {
      number: seq,
      logHash: head.hash,
      issuedAt: now.toISOString(),
      expiresAt: new Date(now.getTime() + VALID_MS).toISOString(),
      entries: rows.map((row) => ({
        id: row.plugin_id as `${string}/${string}`,
        version: row.version,
        moduleSha256: row.module_sha256,
        kind: row.revocation_kind ?? 'hard',
        reason: row.revocation_reason ?? '',
        revokedAt: (row.revoked_at ?? now).toISOString(),
      })),
    },
    registry.key,
  );
  issued.set(db, { seq, at: now.getTime(), envelope });
  return envelope;
}

/** Remembers which list a host has carried out. */
export async function rememberHost(registry: Registry, hostId: string, applied: number): Promise<void> {
  const row = { applied_number: applied, seen_at: registry.now() };
  await registry.db
    .insertInto('registry_hosts')
    .values({ host_id: hostId, ...row })
    .onConflict((conflict) => conflict.column('host_id').doUpdateSet(row))
    .execute();
}
