import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { manifestSchema, type Manifest } from '@patchbay/plugin-sdk/contract/manifest';

export interface Example {
  name: string;
  folder: string;
  manifest: Manifest;
  source: string;
}

const root = fileURLToPath(new URL('../../plugin-sdk/examples/', import.meta.url));

/** The plugins of plugin-sdk/examples, which docs/reference/plugin-api.md shows. */
export function examples(): Example[] {
  return readdirSync(root)
    .sort()
    .map((name) => ({
      name,
      folder: `${root}${name}`,
      manifest: manifestSchema.parse(JSON.parse(readFileSync(`${root}${name}/plugin.json`, 'utf8'))),
      source: readFileSync(`${root}${name}/src/index.ts`, 'utf8'),
    }));
}

/** What a source imports of the SDK, by name. */
export function importedNames(source: string): string[] {
  const [, list = ''] = /import \{([^}]*)\} from '@patchbay\/plugin-sdk'/.exec(source) ?? [];
  return list.split(',').flatMap((entry) => {
    const name = entry.trim().replace(/^type /, '');
    return name === '' ? [] : [name];
  });
}
