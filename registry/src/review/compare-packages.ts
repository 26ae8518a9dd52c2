import { importModules } from '@patchbay/plugin-sdk/checks/module-checks';
import { textFiles } from '@patchbay/plugin-sdk/checks/text-files';
import type { VersionDifference } from '@patchbay/plugin-sdk/contract/rest/registry';
import { consentOf } from '@patchbay/plugin-sdk/package/consent';
import type { PluginPackage } from '@patchbay/plugin-sdk/package/plugin-package';
import { lineKey } from './needed-approvals.ts';

/** What a version has that the one before has not, and the other way round. */
export function comparePackages(before: PluginPackage | undefined, after: PluginPackage): VersionDifference {
  const asked = (one: PluginPackage | undefined) => (one === undefined ? [] : consentOf(one.manifest).lines);
  const imports = (one: PluginPackage | undefined) => (one === undefined ? [] : importModules(one.module));
  const readable = new Set(
    [...textFiles(after), ...(before === undefined ? [] : textFiles(before))].map(([path]) => path),
  );
  const paths = [...new Set([...(before?.files.keys() ?? []), ...after.files.keys()])].sort();
  const files = paths.flatMap((path): VersionDifference['files'] => {
    const old = before?.files.get(path);
    const now = after.files.get(path);
    if (old !== undefined && now !== undefined && old.equals(now)) return [];
    return [
      {
        path,
        change: old === undefined ? 'added' : now === undefined ? 'removed' : 'changed',
        bytesBefore: old?.length ?? null,
        bytesAfter: now?.length ?? null,
        readable: readable.has(path),
      },
    ];
  });
  return {
    before: before?.manifest.version ?? null,
    consent: onlyIn(asked(before), asked(after), lineKey),
    imports: onlyIn(imports(before), imports(after), (name) => name),
    bytes: { before: before?.packedBytes ?? null, after: after.packedBytes },
    files,
    unchangedFiles: paths.length - files.length,
  };
}

function onlyIn<T>(before: readonly T[], after: readonly T[], keyOf: (one: T) => string): { added: T[]; removed: T[] } {
  const old = new Set(before.map(keyOf));
  const now = new Set(after.map(keyOf));
  return {
    added: after.filter((one) => !old.has(keyOf(one))),
    removed: before.filter((one) => !now.has(keyOf(one))),
  };
}
