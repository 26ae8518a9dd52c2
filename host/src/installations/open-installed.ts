import type { Kysely } from 'kysely';
import type { PluginPackage } from '@patchbay/plugin-sdk/package/plugin-package';
import type { RegistryClient } from '@patchbay/registry/client/registry-client';
import type { Database } from '../store/schema.ts';
import { pinnedRegistryKey } from './pinned-registry-key.ts';

/** The package of a version, verified from the pinned registry key down; undefined when it cannot be had. */
export async function openInstalled(
  db: Kysely<Database>,
  client: RegistryClient,
  { id, version }: { id: string; version: string },
): Promise<PluginPackage | undefined> {
  const release = await client.detail(id, version);
  if (release === undefined) return undefined;
  const downloaded = await client.download(release, await pinnedRegistryKey(db, client));
  return downloaded.ok ? downloaded.package : undefined;
}
