import type { Envelope } from '@patchbay/plugin-sdk/package/dsse';
import { signStatement } from '@patchbay/plugin-sdk/package/statement';
import type { Registry } from '../registry.ts';

const PAGE = 200;

/** How far the log has come, signed: whoever keeps it can tell when the log is taken back or told differently to others. */
export async function logHead({ db, key, now }: Registry): Promise<{ seq: number; hash: string; envelope: Envelope }> {
  const { seq, hash } = await db
    .selectFrom('registry_log_head')
    .select(['seq', 'hash'])
    .where('id', '=', 1)
    .executeTakeFirstOrThrow();
  const envelope = signStatement('log-head', { seq, hash, at: now().toISOString() }, key);
  return { seq, hash, envelope };
}

/** Entries after a number, oldest first; `entry` is the very text that was hashed and signed. */
export async function logPage({ db }: Registry, after: number) {
  const items = await db
    .selectFrom('registry_log')
    .select(['seq', 'entry', 'hash', 'signature'])
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(PAGE)
    .execute();
  return { items, next: items.length === PAGE ? (items.at(-1)?.seq ?? null) : null };
}
