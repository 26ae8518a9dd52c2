import type { PluginPackage } from '@patchbay/plugin-sdk/package/plugin-package';
import { readPackage } from '@patchbay/plugin-sdk/package/read-package';
import type { Registry } from '../registry.ts';
import { lastPublished, neededApprovals } from './needed-approvals.ts';

/** The package of a digest, as it was stored; undefined when it is gone or cannot be read. */
export async function packageOf({ blobs }: Registry, sha256: string): Promise<PluginPackage | undefined> {
  const bytes = await blobs.get(sha256);
  const read = bytes === undefined ? undefined : await readPackage(bytes);
  return read?.ok === true ? read.package : undefined;
}

/** The package that a submission is compared with: what is published now, unless that is the submission itself. */
export async function packageBefore(registry: Registry, subject: PluginPackage): Promise<PluginPackage | undefined> {
  const last = await lastPublished(registry.db, subject.manifest.id);
  return last === undefined || last.package_sha256 === subject.sha256
    ? undefined
    : packageOf(registry, last.package_sha256);
}

/** How many approvals a stored package needs; two where it cannot be read. */
export async function neededOf(registry: Registry, sha256: string): Promise<1 | 2> {
  const subject = await packageOf(registry, sha256);
  return subject === undefined ? 2 : neededApprovals(registry.db, subject.manifest);
}
