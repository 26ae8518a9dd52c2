import { sdkVersion } from '../../compile/sdk-version.ts';
import type { ManifestInput } from '../../contract/manifest.ts';
import { HOST_API_VERSION } from '../../contract/plugin-id.ts';
import type { TemplateNames } from './template-names.ts';

/** The files that every new plugin has, by path. */
export function commonFiles(
  { id, name, title }: TemplateNames,
  manifest: Pick<ManifestInput, 'summary' | 'categories' | 'provides'> & Partial<ManifestInput>,
): Record<string, string> {
  const whole = {
    id,
    version: '0.1.0',
    hostApi: `^${HOST_API_VERSION}`,
    name: title,
    licence: 'Apache-2.0',
    ...manifest,
  };
  const packageJson = {
    name,
    version: '0.1.0',
    private: true,
    type: 'module',
    scripts: { test: 'patchbay test .', build: 'patchbay pack . --out dist' },
    dependencies: { '@patchbay/plugin-sdk': sdkVersion() },
  };
  return {
    'plugin.json': json(whole),
    'package.json': json(packageJson),
    'README.md': `# ${title}\n\n${manifest.summary}\n\n## Set-up\n\nSay here what to enter at the other end, and where.\n`,
    'CHANGELOG.md': '# Changelog\n\n## 0.1.0\n\n- First version.\n',
    'icon.svg': `${ICON}\n`,
    'tsconfig.json': json(TSCONFIG),
    '.gitignore': 'node_modules/\ndist/\n',
  };
}

export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** A plugin has the web's globals that the SDK declares, and neither a browser's nor Node's. */
const TSCONFIG = {
  compilerOptions: {
    target: 'ES2023',
    lib: ['ES2023'],
    types: [],
    module: 'ESNext',
    moduleResolution: 'bundler',
    strict: true,
    noUncheckedIndexedAccess: true,
    allowImportingTsExtensions: true,
    noEmit: true,
  },
  include: ['src'],
};

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#64748b" stroke-width="2">' +
  '<rect x="3" y="3" width="18" height="18" rx="4"/><path d="M8 12h8M12 8v8"/></svg>';
