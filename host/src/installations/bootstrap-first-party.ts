import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import { consentOf } from '@patchbay/plugin-sdk/package/consent';
import { sha256 } from '@patchbay/plugin-sdk/package/digest';
import { readPackage } from '@patchbay/plugin-sdk/package/read-package';
import type { SigningKey } from '@patchbay/plugin-sdk/package/dsse';
import { signStatement } from '@patchbay/plugin-sdk/package/statement';
import { keepCompilers } from '@patchbay/plugin-sdk/checks/reproduce-in-child';
import { closePluginRuns } from '@patchbay/plugin-sdk/testing/plugin-sandbox';
import { openKeyFile } from '@patchbay/plugin-sdk/package/key-file';
import { RegistryUnavailable } from '@patchbay/registry/client/registry-client';
import { bootstrapPolicy, recordPolicy } from '@patchbay/registry/publish/policies';
import { publishPackage } from '@patchbay/registry/publish/publish-package';
import type { Registry } from '@patchbay/registry/registry';
import { ApiError } from '../api/api-error.ts';
import { installPlugin, type InstallationDependencies } from './install-plugin.ts';

export interface PublishOptions {
  registry: Registry;
  /** The checkout's `plugins` folder; packages lie in `<plugin>/dist/*.tgz`. */
  pluginsFolder: string;
  /** Where the key lies with which this checkout signs what it releases. */
  dataFolder: string;
  progress: (line: string) => void;
}

export interface InstallOptions extends InstallationDependencies {
  /** The group that gets the ingest plugins. */
  groupId: GroupId;
  progress: (line: string) => void;
}

/** What was done, and what could not be done and why; the host starts nevertheless. */
export interface BootstrapReport {
  done: string[];
  problems: string[];
}

/** Checking is mostly work of other processes; a machine with two cores is kept busy by this. */
const PUBLISHED_AT_ONCE = 2;
const ACTOR = 'policy:bootstrap';
const PUBLISHER = { name: ACTOR, policy: bootstrapPolicy.id };

/**
 * Publishes the checkout's packages through the same door as everybody's, under the recorded bootstrap policy. What is
 * published already is known by its digest and not looked at again.
 */
export async function publishFirstParty(options: PublishOptions): Promise<BootstrapReport> {
  const { registry, progress } = options;
  const report: BootstrapReport = { done: [], problems: [] };
  const packages = await packedPlugins(options.pluginsFolder);
  const unknown = await unpublished(registry, packages);
  if (unknown.length > 0) {
    await recordPolicy(registry, bootstrapPolicy, 'system:first-start');
    const key = await openKeyFile(join(options.dataFolder, 'author-key.pem'));
    const waiting = unknown.entries();
    const compilers = keepCompilers();
    const checkTools = { ...registry.checkTools, reproduce: compilers.reproduce };
    const publisher = { ...options, registry: { ...registry, checkTools } };
    const publishNext = async () => {
      for (const [index, one] of waiting)
        await publishOne(publisher, key, one, `${index + 1} of ${unknown.length}`, report);
    };
    try {
      await Promise.all(Array.from({ length: PUBLISHED_AT_ONCE }, publishNext));
    } finally {
      compilers.close();
      await closePluginRuns();
    }
  }
  report.done.sort();
  for (const problem of report.problems) progress(problem);
  return report;
}

async function publishOne(
  { registry, progress }: PublishOptions,
  key: SigningKey,
  { bytes, file }: PackedPlugin,
  count: string,
  report: BootstrapReport,
): Promise<void> {
  const read = await readPackage(bytes);
  if (!read.ok) {
    report.problems.push(`${file}: ${read.message}`);
    return;
  }
  const { manifest, moduleSha256, contentDigest, sources } = read.package;
  const { id, version, hostApi } = manifest;
  if (await isPublished(registry, id, version, contentDigest)) return;
  progress(`Publishing ${id} ${version} (${count})`);
  const release = { id, version, hostApi, sdk: sources.sdk, sha256: sha256(bytes), moduleSha256 };
  const envelope = signStatement('release', release, key);
  const outcome = await publishPackage(registry, { bytes, envelope, publicKey: key.publicKey, publisher: PUBLISHER });
  if (outcome.ok && outcome.state === 'published') report.done.push(`${id} ${version}`);
  else report.problems.push(`${id} ${version}: ${outcome.ok ? `it is ${outcome.state}` : publishProblem(outcome)}`);
}

function publishProblem({ code, message }: { code: string; message: string }): string {
  if (code === 'VERSION_EXISTS')
    return 'its files changed and its version did not. Raise the version in plugin.json; the published one stays.';
  return `${code}: ${message}`;
}

interface PackedPlugin {
  file: string;
  bytes: Buffer;
}

async function packedPlugins(folder: string): Promise<PackedPlugin[]> {
  const packages: PackedPlugin[] = [];
  for (const plugin of (await names(folder)).sort()) {
    const dist = join(folder, plugin, 'dist');
    for (const name of (await names(dist)).sort())
      if (name.endsWith('.tgz'))
        packages.push({ file: join(plugin, 'dist', name), bytes: await readFile(join(dist, name)) });
  }
  return packages;
}

async function names(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** Index registry_versions_by_package. */
async function unpublished(registry: Registry, packages: readonly PackedPlugin[]): Promise<PackedPlugin[]> {
  if (packages.length === 0) return [];
  const digests = new Map(packages.map((one) => [sha256(one.bytes), one]));
  const rows = await registry.db
    .selectFrom('registry_versions')
    .select('package_sha256')
    .where('package_sha256', 'in', [...digests.keys()])
    .execute();
  for (const row of rows) digests.delete(row.package_sha256);
  return [...digests.values()];
}

/** The same content under other bytes: packed again, by another zlib. */
async function isPublished(registry: Registry, id: string, version: string, contentDigest: string): Promise<boolean> {
  const row = await registry.db
    .selectFrom('registry_versions')
    .select('content_digest')
    .where('plugin_id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst();
  return row?.content_digest === contentDigest;
}

/**
 * Installs the first-party ingest plugins of the registry into the first group, once each; a plugin that was removed
 * from the group stays removed.
 */
export async function installFirstParty(options: InstallOptions): Promise<BootstrapReport> {
  const { db, client, groupId } = options;
  const report: BootstrapReport = { done: [], problems: [] };
  const page = await client.list({ provides: 'ingest', sort: 'name', limit: 200 }).catch((error: unknown) => {
    if (!(error instanceof RegistryUnavailable)) throw error;
    // What is installed runs without a registry; the next start looks again.
    report.problems.push(error.message);
    return undefined;
  });
  // Removed ones too: what a person took out is not put back.
  const rows = await db.selectFrom('installations').select('plugin_id').where('group_id', '=', groupId).execute();
  const known = new Set(rows.map((row) => row.plugin_id));
  for (const { id, version, firstParty } of page?.items ?? []) {
    if (!firstParty || known.has(id)) continue;
    try {
      const release = await client.detail(id, version);
      // One that also delivers has settings and secrets that only a person can give.
      if (release === undefined || release.manifest.provides.includes('deliver')) continue;
      await installPlugin(
        options,
        { groupId, name: ACTOR },
        {
          plugin: id,
          version,
          environment: 'production',
          configuration: {},
          secrets: {},
          consent: consentOf(release.manifest).digest,
        },
      );
      report.done.push(`${id} ${version}`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // Another host of this group was faster.
      if (error.code !== 'CONFLICT') report.problems.push(`${id} ${version}: ${error.code}: ${error.message}`);
    }
  }
  if (report.done.length > 0) options.progress(`Installed ${report.done.length} integrations`);
  for (const problem of report.problems) options.progress(problem);
  return report;
}
