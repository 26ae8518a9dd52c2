import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { packageLimits } from '../contract/limits.ts';
import { rawTar, type RawEntry } from './raw-tar.ts';
import { readArchive } from './read-archive.ts';
import { writeArchive } from './write-archive.ts';

const violationOf = async (bytes: Uint8Array) => {
  const result = await readArchive(bytes);
  return result.ok ? 'accepted' : { rule: result.violation.rule, entry: result.violation.entry };
};

describe('an archive', () => {
  it('written by us is read by us, byte for byte', async () => {
    const files = new Map([
      ['plugin.json', Buffer.from('{}')],
      ['empty', Buffer.alloc(0)],
      [`sources/${'deep/'.repeat(24)}module.ts`, Buffer.from('export {};')],
      ['module.wasm', Buffer.alloc(700_000, 7)],
    ]);
    const result = await readArchive(await writeArchive(files));
    expect(
      result.ok && [...result.files].map(([path, bytes]) => [path, bytes.equals(files.get(path)!)]).sort(),
    ).toEqual([...files.keys()].sort().map((path) => [path, true]));
  });

  it('has the same bytes for the same files, in whatever order they come', async () => {
    const one = new Map([
      ['a', Buffer.from('1')],
      ['b', Buffer.from('2')],
    ]);
    expect(await writeArchive(new Map([...one].reverse()))).toEqual(await writeArchive(one));
  });

  it('written by another implementation is read, folders included', async () => {
    const bytes = gzipSync(
      rawTar([
        { path: 'fixtures/', type: 'Directory' },
        { path: 'fixtures/firing.json', content: '{"a":1}' },
      ]),
    );
    const result = await readArchive(bytes);
    expect(result.ok && [...result.files].map(([path, content]) => [path, content.toString()])).toEqual([
      ['fixtures/firing.json', '{"a":1}'],
    ]);
  });

  const refused: [name: string, rule: string, entry: string, entries: RawEntry[]][] = [
    ['an absolute path', 'path-absolute', '/etc/passwd', [{ path: '/etc/passwd' }]],
    ['a drive letter', 'path-absolute', 'C:/file', [{ path: 'C:/file' }]],
    ['a path that leaves', 'path-parent', 'a/../../b', [{ path: 'a/../../b' }]],
    ['a "." in a path', 'path-characters', './a', [{ path: './a' }]],
    ['an empty part', 'path-characters', 'a//b', [{ path: 'a//b' }]],
    ['letters beyond ASCII', 'path-characters', '??', [{ path: 'é' }]],
    ['a control character', 'path-characters', 'a?b', [{ path: 'a\nb' }]],
    ['a backslash', 'path-windows', 'a\\b', [{ path: 'a\\b' }]],
    ['a colon', 'path-windows', 'ab:stream', [{ path: 'ab:stream' }]],
    ['a device name', 'path-windows', 'src/NUL.txt', [{ path: 'src/NUL.txt' }]],
    ['a trailing dot', 'path-windows', 'a./b', [{ path: 'a./b' }]],
    [
      'a long path',
      'path-length',
      `${'d/'.repeat(75)}${'n'.repeat(50)}`,
      [{ path: `${'d/'.repeat(75)}${'n'.repeat(51)}` }],
    ],
    ['one path twice', 'duplicate-path', 'a', [{ path: 'a' }, { path: 'a' }]],
    ['paths that differ by case', 'duplicate-path', 'README.md', [{ path: 'readme.md' }, { path: 'README.md' }]],
    ['folders that differ by case from a file', 'duplicate-path', 'Src/b', [{ path: 'src' }, { path: 'Src/b' }]],
    ['a file where a folder is', 'duplicate-path', 'src', [{ path: 'src/b' }, { path: 'src' }]],
    ['a symbolic link', 'entry-type', 'link', [{ path: 'link', type: 'SymbolicLink', linkpath: '/etc/passwd' }]],
    ['a hard link', 'entry-type', 'link', [{ path: 'link', type: 'Link', linkpath: 'plugin.json' }]],
    ['a pipe', 'entry-type', 'pipe', [{ path: 'pipe', type: 'FIFO' }]],
    ['a device', 'entry-type', 'device', [{ path: 'device', type: 'CharacterDevice' }]],
    ['a pax header', 'entry-type', 'pax', [{ path: 'pax', type: 'ExtendedHeader', content: '14 path=../evil\n' }]],
    ['a GNU long name', 'entry-type', 'long', [{ path: 'long', type: 'NextFileHasLongPath', content: '../evil' }]],
    ['a file that is cut off', 'truncated', 'cut', [{ path: 'cut', size: 9999, content: 'short' }]],
    ['a huge size', 'unpacked-size', 'huge', [{ path: 'huge', size: packageLimits.unpackedBytes + 1 }]],
    [
      'too many entries',
      'entry-count',
      `f${packageLimits.entries}`,
      Array.from({ length: packageLimits.entries + 1 }, (_, index) => ({ path: `f${index}` })),
    ],
  ];
  it.each(refused)('with %s is refused by the rule %s', async (_name, rule, entry, entries) => {
    expect(await violationOf(gzipSync(rawTar(entries)))).toEqual({ rule, entry });
  });

  const good = rawTar([{ path: 'plugin.json', content: '{}' }]);
  it('that is not gzip, or not all of it, is refused', async () => {
    expect(await violationOf(Buffer.from('PK not gzip'))).toEqual({ rule: 'gzip', entry: '' });
    expect(await violationOf(gzipSync(good).subarray(0, -6))).toEqual({ rule: 'gzip', entry: '' });
    expect(await violationOf(Buffer.alloc(0))).toMatchObject({ rule: expect.any(String) });
  });
  it('without end mark is refused', async () => {
    expect(await violationOf(gzipSync(rawTar([{ path: 'a' }], Buffer.alloc(0))))).toEqual({
      rule: 'truncated',
      entry: '',
    });
  });
  it('with something behind the end mark is refused', async () => {
    const hidden = Buffer.concat([good, rawTar([{ path: 'hidden' }])]);
    expect(await violationOf(gzipSync(hidden))).toEqual({ rule: 'trailing-data', entry: '' });
    const trailing = (tail: string) => violationOf(Buffer.concat([gzipSync(good), Buffer.from(tail)]));
    expect(await trailing('hidden')).toEqual({ rule: 'gzip', entry: '' });
    expect(await trailing('\0hidden')).toEqual({ rule: 'trailing-data', entry: '' });
  });
  it('with a header that was changed is refused', async () => {
    const changed = Buffer.from(good);
    changed[0] = 'q'.charCodeAt(0);
    expect(await violationOf(gzipSync(changed))).toEqual({ rule: 'header', entry: 'qlugin.json' });
  });
  it('that unpacks to far more than it is stops at the ratio', async () => {
    const bomb = gzipSync(rawTar([{ path: 'zeros', content: Buffer.alloc(30 * 1024 * 1024) }]));
    expect(await violationOf(bomb)).toEqual({ rule: 'compression-ratio', entry: '' });
  });
  it('that is too large packed is not even opened', async () => {
    expect(await violationOf(Buffer.alloc(packageLimits.packedBytes + 1))).toEqual({ rule: 'packed-size', entry: '' });
  });
});
