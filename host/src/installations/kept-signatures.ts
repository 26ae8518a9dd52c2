import type { Kysely } from 'kysely';
import { z } from 'zod';
import { envelopeSchema } from '@patchbay/plugin-sdk/package/dsse';
import type { VersionSignatures } from '@patchbay/registry/client/verify-signatures';
import type { Database } from '../store/schema.ts';

const keptSchema = z.object({
  author: z.object({ publicKey: z.string(), envelope: envelopeSchema }),
  registry: z.object({ envelope: envelopeSchema }),
});

/** Keeps what was signed of a version that is being installed, over whatever was kept of it before. */
export async function keepSignatures(
  db: Kysely<Database>,
  packageSha256: string,
  { author, registry }: VersionSignatures,
): Promise<void> {
  const row = {
    author_key: author.publicKey,
    author_envelope: JSON.stringify(author.envelope),
    registry_envelope: JSON.stringify(registry.envelope),
    kept_at: new Date(),
  };
  await db
    .insertInto('kept_signatures')
    .values({ package_sha256: packageSha256, ...row })
    .onConflict((conflict) => conflict.column('package_sha256').doUpdateSet(row))
    .execute();
}

/** @returns undefined when nothing is kept, `malformed` when it was changed into something else */
export async function readSignatures(
  db: Kysely<Database>,
  packageSha256: string,
): Promise<VersionSignatures | 'malformed' | undefined> {
  const row = await db
    .selectFrom('kept_signatures')
    .selectAll()
    .where('package_sha256', '=', packageSha256)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const kept = keptSchema.safeParse({
    author: { publicKey: row.author_key, envelope: row.author_envelope },
    registry: { envelope: row.registry_envelope },
  });
  return kept.success ? kept.data : 'malformed';
}
