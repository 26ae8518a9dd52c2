import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import { sql, type Kysely } from 'kysely';
import { replaceSecret, type SecretOwner } from '../../secrets/secret-store.ts';
import type { Vault } from '../../secrets/vault.ts';
import type { Database } from '../../store/schema.ts';
import { transact } from '../../store/transact.ts';
import type { NotAttached } from './credential-means.ts';

export type Obtained =
  | {
      ok: true;
      token: string;
      expiresAt: Date;
      /** Takes the place of the secret by which the token was got. */
      secret?: string;
    }
  | NotAttached;

export interface TokenWanted {
  /** Of the secret by which it is got. */
  name: string;
  /** What it depends on besides the secret; another source is another token. */
  source: string;
  /** The generation of a token that was refused; null for none. */
  refused: number | null;
  obtain(): Promise<Obtained>;
}

/**
 * Tokens of one installation, got by its secrets and shared by all hosts.
 *
 *   none, old -> being got   one host claims it; the others wait until it stands or the claim lapses
 *   being got -> valid       its generation rises
 *             -> none, old   it could not be had; whoever waits tries next
 *   valid     -> old         near its end, refused by the vendor, or of another source
 */
export interface TokenKeeper {
  get(wanted: TokenWanted): Promise<{ ok: true; token: string; generation: number } | NotAttached>;
  /** Keeps a value that was taken out of an answer as the secret of that name. */
  keep(name: string, value: string): Promise<void>;
}

const CLAIM_MS = 20_000;
const PATIENCE_MS = 40_000;
const POLL_MS = 100;
/** A token is not used for the last part of its life: it has to outlast the request. */
const RESERVE_MS = 20_000;

interface Row {
  source: string;
  generation: number;
  ciphertext: Uint8Array | null;
  expires_at: Date | null;
}

export function createTokenKeeper(db: Kysely<Database>, vault: Vault, owner: Omit<SecretOwner, 'name'>): TokenKeeper {
  const of = (name: string) => ({
    group_id: owner.groupId,
    installation_id: owner.ownerId as InstallationId,
    name,
  });
  const context = (name: string) => tokenContext(owner.groupId, owner.ownerId, name);

  function usable(row: Row | undefined, wanted: TokenWanted) {
    if (row === undefined || row.ciphertext === null || row.source !== wanted.source) return null;
    if (row.generation === wanted.refused || (row.expires_at?.getTime() ?? 0) < Date.now()) return null;
    const token = vault.open(row.ciphertext, context(wanted.name)).toString('utf8');
    return { ok: true as const, token, generation: row.generation };
  }

  async function read(name: string): Promise<Row | undefined> {
    const { group_id, installation_id } = of(name);
    return db
      .selectFrom('derived_tokens')
      .select(['source', 'generation', 'ciphertext', 'expires_at'])
      .where('group_id', '=', group_id)
      .where('installation_id', '=', installation_id)
      .where('name', '=', name)
      .executeTakeFirst();
  }

  /** @returns the row as it stands, once it is ours to change */
  async function claim(wanted: TokenWanted, me: string): Promise<Row | undefined> {
    const { group_id, installation_id, name } = of(wanted.name);
    const until = new Date(Date.now() + CLAIM_MS);
    const { rows } = await sql<Row>`
      insert into derived_tokens as t (group_id, installation_id, name, source, claim_id, claimed_until)
      values (${group_id}, ${installation_id}, ${name}, ${wanted.source}, ${me}, ${until}::timestamptz)
      on conflict (group_id, installation_id, name) do update set claim_id = ${me}, claimed_until = ${until}::timestamptz
        where t.claimed_until is null or t.claimed_until < ${new Date()}::timestamptz
      returning source, generation, ciphertext, expires_at
    `.execute(db);
    return rows[0];
  }

  async function settle(wanted: TokenWanted, me: string, got: Obtained): Promise<number> {
    const { group_id, installation_id, name } = of(wanted.name);
    return transact(db, async (trx) => {
      const life = got.ok ? got.expiresAt.getTime() - Date.now() : 0;
      const row = await trx
        .updateTable('derived_tokens')
        .set((current) => ({
          claim_id: null,
          claimed_until: null,
          ...(got.ok
            ? {
                source: wanted.source,
                ciphertext: vault.seal(got.token, context(name)),
                expires_at: new Date(Date.now() + life - Math.min(RESERVE_MS, life / 2)),
                generation: current('generation', '+', 1),
              }
            : {}),
        }))
        .where('group_id', '=', group_id)
        .where('installation_id', '=', installation_id)
        .where('name', '=', name)
        .where('claim_id', '=', me)
        .returning('generation')
        .executeTakeFirst();
      // Not after the claim was lost: somebody has entered another secret since.
      if (row !== undefined && got.ok && got.secret !== undefined)
        await replaceSecret(trx, vault, { ...owner, name, value: got.secret });
      return row?.generation ?? 0;
    });
  }

  return {
    async get(wanted) {
      const me = randomUUID();
      for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(POLL_MS)) {
        const present = usable(await read(wanted.name), wanted);
        if (present !== null) return present;
        const claimed = await claim(wanted, me);
        if (claimed === undefined) continue;
        // Somebody may have got it between the look and the claim.
        const meanwhile = usable(claimed, wanted);
        const waiting: NotAttached = {
          ok: false,
          code: 'TOKEN_UNAVAILABLE',
          message: 'The token could not be asked for',
        };
        let got: Obtained = waiting;
        let generation = 0;
        try {
          if (meanwhile === null) got = await wanted.obtain();
        } finally {
          generation = await settle(wanted, me, got);
        }
        if (meanwhile !== null) return meanwhile;
        return got.ok ? { ok: true, token: got.token, generation } : got;
      }
      return { ok: false, code: 'TOKEN_UNAVAILABLE', message: 'Another request is still waiting for the token' };
    },
    keep: (name, value) => transact(db, (trx) => replaceSecret(trx, vault, { ...owner, name, value })),
  };
}

export function tokenContext(groupId: string, installationId: string, name: string): string {
  return ['token', groupId, installationId, name].join('/');
}

/** Forgets what was got by secrets of these names: they were replaced by hand. */
export async function forgetTokens(
  trx: Kysely<Database>,
  owner: Pick<SecretOwner, 'groupId' | 'ownerId'>,
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return;
  await trx
    .deleteFrom('derived_tokens')
    .where('group_id', '=', owner.groupId)
    .where('installation_id', '=', owner.ownerId as InstallationId)
    .where('name', 'in', [...names])
    .execute();
}
