import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { packageLimits } from '../contract/limits.ts';
import { archiveRules, type ArchiveRule } from './archive-rules.ts';
import { rawTar, type RawEntry } from './raw-tar.ts';
import { readPackage } from './read-package.ts';

const MIB = 1024 * 1024;
const packed = (...entries: RawEntry[]) => gzipSync(rawTar(entries));

const manifest = {
  id: 'acme/probe',
  version: '1.0.0',
  hostApi: '^1.0.0',
  name: 'Probe',
  summary: 'Takes alerts of probes.',
  licence: 'MIT',
  categories: ['monitoring'],
  provides: ['ingest'],
  integrationType: 'probe',
};
const whole: RawEntry[] = [
  { path: 'plugin.json', content: JSON.stringify(manifest) },
  { path: 'module.wasm', content: 'x' },
  { path: 'README.md', content: '# Probe' },
  { path: 'icon.svg', content: '<svg/>' },
  { path: 'sources.json', content: '{}' },
];

/** A bad package of every rule. A new rule does not compile without one. */
const badPackages: Record<ArchiveRule, () => Buffer> = {
  'compression-ratio': () => packed({ path: 'zeros', content: Buffer.alloc(20 * MIB) }),
  'duplicate-path': () => packed({ path: 'a' }, { path: 'A' }),
  'entry-count': () => packed(...Array.from({ length: packageLimits.entries + 1 }, (_, n) => ({ path: `f${n}` }))),
  'entry-type': () => packed({ path: 'link', type: 'SymbolicLink', linkpath: '/etc/passwd' }),
  gzip: () => Buffer.from('PK'),
  header: () => {
    const changed = rawTar([{ path: 'plugin.json', content: '{}' }]);
    changed[0] = 'q'.charCodeAt(0);
    return gzipSync(changed);
  },
  'missing-file': () => packed(...whole.filter(({ path }) => path !== 'README.md')),
  'one-manifest': () => packed({ path: 'README.md' }),
  'packed-size': () => Buffer.alloc(packageLimits.packedBytes + 1),
  'path-absolute': () => packed({ path: '/etc/passwd' }),
  'path-characters': () => packed({ path: 'a\nb' }),
  'path-length': () => packed({ path: `${'d/'.repeat(75)}${'n'.repeat(51)}` }),
  'path-parent': () => packed({ path: 'a/../../b' }),
  'path-windows': () => packed({ path: 'src/nul.txt' }),
  sources: () => packed(...whole),
  'trailing-data': () => gzipSync(Buffer.concat([rawTar([{ path: 'a' }]), rawTar([{ path: 'hidden' }])])),
  truncated: () => packed({ path: 'cut', size: 9999, content: 'short' }),
  'unexpected-file': () => packed(...whole, { path: 'payload.exe', content: 'MZ' }),
  'unpacked-size': () => packed({ path: 'huge', size: packageLimits.unpackedBytes + 1 }),
};

it.each(archiveRules)('the rule %s refuses the package that breaks it', async (rule) => {
  expect(await readPackage(badPackages[rule]())).toMatchObject({ ok: false, code: 'ARCHIVE_INVALID', rule });
});

it('a README that says nothing is a missing one', async () => {
  const entries = whole.map((entry) => (entry.path === 'README.md' ? { ...entry, content: ' \n\t\n' } : entry));
  expect(await readPackage(packed(...entries))).toMatchObject({ rule: 'missing-file', entry: 'README.md' });
});
