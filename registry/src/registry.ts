import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { CheckTools } from '@patchbay/plugin-sdk/checks/check-package';
import { reproduceInChild } from '@patchbay/plugin-sdk/checks/reproduce-in-child';
import { sandboxFixtureTools } from '@patchbay/plugin-sdk/checks/sandbox-fixture-tools';
import type { SigningKey } from '@patchbay/plugin-sdk/package/dsse';
import { folderBlobs, type PackageBlobs } from './blobs/package-blobs.ts';
import { openKeyFile } from '@patchbay/plugin-sdk/package/key-file';
import { CHECKS_AT_ONCE, createTurns, type Turns } from './publish/check-turns.ts';
import { migrateRegistry } from './store/migrate-registry.ts';
import type { RegistryTables } from './store/registry-tables.ts';

/** What every part of a registry works on. */
export interface Registry {
  db: Kysely<RegistryTables>;
  blobs: PackageBlobs;
  /** Countersigns approvals and the decision log. */
  key: SigningKey;
  checkTools: CheckTools;
  checkTurns: Turns;
  now: () => Date;
}

export interface RegistryOptions {
  /** A database that may also hold a host's tables. */
  db: Kysely<never>;
  /** Data folder: packages in `packages/`, the key in `registry-key.pem`. */
  folder: string;
  checkTools?: CheckTools;
  now?: () => Date;
}

/** Opens a registry: brings its tables up to date, makes its key at first start. */
export async function openRegistry(options: RegistryOptions): Promise<Registry> {
  await migrateRegistry(options.db);
  return {
    db: options.db as unknown as Kysely<RegistryTables>,
    blobs: folderBlobs(join(options.folder, 'packages')),
    key: await openKeyFile(join(options.folder, 'registry-key.pem')),
    checkTools: options.checkTools ?? { ...sandboxFixtureTools(), reproduce: reproduceInChild },
    checkTurns: createTurns(CHECKS_AT_ONCE),
    now: options.now ?? (() => new Date()),
  };
}
