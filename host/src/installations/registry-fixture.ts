import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId, type GroupId, type InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import type { ManifestInput } from '@patchbay/plugin-sdk/contract/manifest';
import { consentOf } from '@patchbay/plugin-sdk/package/consent';
import type { SigningKey } from '@patchbay/plugin-sdk/package/dsse';
import { generateSigningKey } from '@patchbay/plugin-sdk/package/signing-key';
import { directRequest } from '@patchbay/registry/api/direct-request';
import { createRegistryClient, type RegistryRequest } from '@patchbay/registry/client/registry-client';
import { approveSubmission } from '@patchbay/registry/publish/approve';
import type { Publisher } from '@patchbay/registry/publish/author-keys';
import { publishPackage } from '@patchbay/registry/publish/publish-package';
import { openRegistry, type Registry } from '@patchbay/registry/registry';
import type { CheckTools } from '@patchbay/plugin-sdk/checks/check-package';
import { installPlugin, type InstallationDependencies } from './install-plugin.ts';
import { createModuleStore } from './module-store.ts';
import { registryTrust } from './registry-trust.ts';
import { createLiveHub } from '../live/live-hub.ts';
import { createVault } from '../secrets/vault.ts';
import { openStore, type Store } from '../store/open-store.ts';
import type { TestDatabase } from '../../../test/support/databases.ts';
import { makePackage, releaseEnvelope, type TestPackage } from '../../../test/support/plugin-packages.ts';

/** A registry and a group of a host that installs from it, in one database, without a server. */
export interface RegistryAndGroup {
  folder: string;
  store: Store;
  registry: Registry;
  deps: InstallationDependencies;
  groupId: GroupId;
  author: SigningKey;
  /** What the host's client sends its requests with; to be replaced by who wants to answer in the registry's place. */
  wire: { request: RegistryRequest };
  submit(made: TestPackage, key?: SigningKey, publisher?: Publisher): ReturnType<typeof publishPackage>;
  /** Submitted by `user:ann` and approved by `user:rita`. */
  publish(id: string, manifest?: Partial<ManifestInput>): Promise<TestPackage>;
  install(plugin: string, version?: string): Promise<InstallationId>;
  close(): Promise<void>;
}

export async function openRegistryAndGroup(database: TestDatabase, checkTools: CheckTools): Promise<RegistryAndGroup> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-registry-'));
  const store = await openStore(database);
  const { db } = store;
  const groupId: GroupId = newId('group');
  await db.insertInto('groups').values({ group_id: groupId, name: 'First' }).execute();
  const registry = await openRegistry({ db: db as never, folder, checkTools });
  const author = generateSigningKey();
  const wire = { request: directRequest(registry) };
  const client = createRegistryClient({
    request: (method, path) => wire.request(method, path),
    trust: registryTrust(db),
  });
  const modules = createModuleStore(folder);
  const deps = { db, vault: createVault(Buffer.alloc(32, 1)), client, modules, hub: createLiveHub(), cooldownHours: 0 };

  const submit: RegistryAndGroup['submit'] = (made, key = author, publisher = { name: 'user:ann', claims: true }) =>
    publishPackage(registry, {
      bytes: made.bytes,
      envelope: releaseEnvelope(made, key),
      publicKey: key.publicKey,
      publisher,
    });
  return {
    ...{ folder, store, registry, deps, groupId, author, wire, submit },
    async publish(id, manifest = {}) {
      const made = await makePackage(id, manifest);
      const outcome = await submit(made);
      if (!outcome.ok) throw new Error(`${outcome.code}: ${outcome.message}`);
      await approveSubmission(registry, outcome.submissionId, 'user:rita');
      return made;
    },
    async install(plugin, version) {
      const release = await client.detail(plugin, version);
      if (release === undefined) throw new Error(`There is no ${plugin} ${version ?? ''}.`);
      const { digest: consent } = consentOf(release.manifest);
      const input = { plugin, version: release.version, environment: 'production' as const, consent };
      return installPlugin(deps, { groupId, name: 'user:ann' }, { ...input, configuration: {}, secrets: {} });
    },
    async close() {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
