import type { ManifestInput } from '../../contract/manifest.ts';
import { commonFiles, json } from './common-files.ts';
import type { TemplateNames } from './template-names.ts';

/** What one export adds to the files of a new plugin. */
export interface PluginPart {
  manifest: Pick<ManifestInput, 'provides'> & Partial<ManifestInput>;
  /** What its code imports of the SDK. */
  imports: readonly string[];
  /** Declarations before the definition, each with a line feed at its end. */
  declarations: readonly string[];
  /** Fields of the type of the settings. */
  settings: readonly string[];
  /** The method of the definition. */
  method: string;
  /** By name, without what the settings of the other parts need. */
  fixtures: Record<string, Record<string, unknown>>;
  /** Settings without which the plugin does not run; every fixture names them. */
  neededSettings: Record<string, unknown>;
}

/** The files of a plugin that consists of these parts. */
export function pluginOf(
  names: TemplateNames,
  about: Pick<ManifestInput, 'summary' | 'categories'>,
  parts: readonly PluginPart[],
): Record<string, string> {
  const manifest = Object.assign({}, ...parts.map((part) => part.manifest)) as PluginPart['manifest'];
  const properties = parts.map((part) => part.manifest.configuration?.properties ?? {});
  const required = parts.flatMap((part) => part.manifest.configuration?.required ?? []);
  const configuration = Object.assign({}, ...parts.map((part) => part.neededSettings)) as Record<string, unknown>;
  const fixtures = parts.flatMap((part) => Object.entries(part.fixtures));
  return {
    ...commonFiles(names, {
      ...about,
      ...manifest,
      provides: parts.flatMap((part) => part.manifest.provides),
      configuration: {
        properties: Object.assign({}, ...properties) as (typeof properties)[number],
        ...(required.length === 0 ? {} : { required }),
      },
    }),
    'src/index.ts': sourceOf(parts),
    ...Object.fromEntries(
      fixtures.map(([name, { expected, ...fixture }]) => [
        `fixtures/${name}.json`,
        json({ ...fixture, ...(Object.keys(configuration).length === 0 ? {} : { configuration }), expected }),
      ]),
    ),
  };
}

function sourceOf(parts: readonly PluginPart[]): string {
  const imports = [...new Set(['defineIntegration', ...parts.flatMap((part) => part.imports)])].sort();
  const settings = parts.flatMap((part) => part.settings);
  const declarations = [
    ...(settings.length === 0 ? [] : [`interface Settings {\n${settings.map((one) => `  ${one};\n`).join('')}}\n`]),
    ...parts.flatMap((part) => part.declarations),
  ];
  return `import { ${imports.join(', ')} } from '@patchbay/plugin-sdk';

${declarations.join('\n')}
export default defineIntegration${settings.length === 0 ? '' : '<Settings>'}({
${parts.map((part) => part.method).join('\n')}});
`;
}
