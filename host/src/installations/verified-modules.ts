import type { KeyObject } from 'node:crypto';
import { sql, type Kysely } from 'kysely';
import { ModuleUnverified } from '@patchbay/plugin-sdk/sandbox/module-unverified';
import { RegistryUnavailable, type RegistryClient } from '@patchbay/registry/client/registry-client';
import { verifySignatures, type VersionSignatures } from '@patchbay/registry/client/verify-signatures';
import type { Database } from '../store/schema.ts';
import { keepSignatures, readSignatures } from './kept-signatures.ts';
import type { ModuleStore } from './module-store.ts';
import { readPinnedKey } from './pinned-registry-key.ts';

interface VerifiedModulesDependencies {
  db: Kysely<Database>;
  client: RegistryClient;
  modules: ModuleStore;
  /** Digests of modules that came with this host and of which nothing is signed. */
  own: readonly string[];
}

interface InstalledVersion {
  id: string;
  version: string;
  sha256: string;
}

/**
 * The modules of installed versions, verified again when this process meets them for the first time:
 *
 *   1. module              the bytes are those of the digest
 *   2. version             an installation has a version with this module
 *   3. registry signature  the pinned key approved exactly this version, with the package that was installed
 *   4. author signature    the key that the approval names released it
 *   5. signed module       both name this module
 *
 *   unknown -> verified    for as long as the process lives; the bytes are compared at every load
 *           -> refused     ModuleUnverified; looked at again at the next load
 *
 * Every installed version that has the module must verify. Calls that run go on.
 */
export function createVerifiedModules({ db, client, modules, own }: VerifiedModulesDependencies): {
  loadModule: (sha256: string) => Promise<Uint8Array>;
} {
  const verified = new Set<string>(own);

  async function verify(module: string): Promise<void> {
    const versions = await versionsWith(db, module);
    if (versions.length === 0) throw new ModuleUnverified(`No installed version has the module ${module}.`);
    const key = await readPinnedKey(db);
    if (key === undefined) throw new ModuleUnverified('The key of the registry that this host trusts is gone.');
    for (const version of versions) await verifyVersion(version, module, key);
  }

  async function verifyVersion(version: InstalledVersion, module: string, key: KeyObject): Promise<void> {
    const refuse = (step: string, message: string): never => {
      const { id, version: number } = version;
      throw new ModuleUnverified(`${id} ${number} does not verify any more, at the step "${step}": ${message}`);
    };
    const kept = await readSignatures(db, version.sha256);
    if (kept === 'malformed') return refuse('signatures', 'What was kept of them is malformed.');
    const signatures = kept ?? (await signaturesFromRegistry(version));
    if (typeof signatures === 'string') return refuse('signatures', `None are kept. ${signatures}`);
    const signed = verifySignatures(version, signatures, key);
    if (!signed.ok) return refuse(signed.step, signed.message);
    if (signed.moduleSha256 !== module) return refuse('module', 'It is not the one that was signed.');
    if (kept === undefined) await keepSignatures(db, version.sha256, signatures);
  }

  /** For what was installed before signatures were kept; they are verified like those that are. */
  async function signaturesFromRegistry({ id, version }: InstalledVersion): Promise<VersionSignatures | string> {
    try {
      return (await client.detail(id, version)) ?? 'The registry does not have this version.';
    } catch (error) {
      if (error instanceof RegistryUnavailable) return error.message;
      throw error;
    }
  }

  return {
    async loadModule(sha256) {
      const bytes = await modules.loadModule(sha256);
      if (!verified.has(sha256)) {
        await verify(sha256);
        verified.add(sha256);
      }
      return bytes;
    },
  };
}

/** Over all groups: the installed versions that have a module; where none has it any more, those that were left. */
async function versionsWith(db: Kysely<Database>, module: string): Promise<InstalledVersion[]> {
  const present = await sql<InstalledVersion>`
    select distinct plugin_id as id, version, package_sha256 as sha256 from installations
    where module_sha256 = ${module} and removed_at is null`.execute(db);
  if (present.rows.length > 0) return present.rows;
  const left = await sql<InstalledVersion>`
    select distinct i.plugin_id as id, v.version, v.package_sha256 as sha256 from installation_versions v
    join installations i on i.group_id = v.group_id and i.installation_id = v.installation_id and i.removed_at is null
    where v.module_sha256 = ${module}`.execute(db);
  return left.rows;
}
