import { sdkVersion } from '../compile/sdk-version.ts';
import { packageFiles, type PluginPackage } from '../package/plugin-package.ts';
import type { Finding } from './check-result.ts';

export type Reproduction = { ok: true; moduleSha256: string } | { ok: false; message: string };

/** Compiles the sources of a package again. Throws when that could not be tried. */
export type Reproduce = (subject: PluginPackage) => Promise<Reproduction>;

/**
 * The sources in the package, compiled by this SDK, give the module in the package. Of a module that was built
 * elsewhere this cannot be said, and a warning says so.
 */
export async function checkReproduction(subject: PluginPackage, reproduce: Reproduce): Promise<Finding[]> {
  const find = (rule: string, place: string, message: string, advice: string): Finding[] => [
    { rule: `reproduction.${rule}`, place, message, advice, level: 'error' },
  ];
  if (subject.manifest.module !== undefined)
    return [
      {
        rule: 'reproduction.prebuilt',
        place: packageFiles.module,
        message: 'The module was built elsewhere: nobody can say that it comes from the sources in the package.',
        advice: 'It needs the approval of two reviewers. A plugin in TypeScript is compiled again here and needs one.',
        level: 'warning',
      },
    ];
  const { sdk } = subject.sources;
  if (sdk !== sdkVersion())
    return find(
      'sdk',
      packageFiles.sources,
      `The package was made with SDK ${sdk}; only ${sdkVersion()} can be compared here.`,
      `Pack the plugin with SDK ${sdkVersion()}.`,
    );
  const made = await reproduce(subject);
  const advice = 'Pack the plugin again from its folder, and change nothing inside the package.';
  if (!made.ok) return find('compile', packageFiles.sources, `The sources cannot be compiled: ${made.message}`, advice);
  if (made.moduleSha256 !== subject.moduleSha256)
    return find('different', packageFiles.module, 'The sources in the package do not give this module.', advice);
  return [];
}
