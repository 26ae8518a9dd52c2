import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { loadHostKeys } from './host-keys.ts';
import { createVault, HEAD_BYTES, HostKeyMissing, VaultError } from './vault.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

describe('a vault', () => {
  const vault = createVault(randomBytes(32));

  it('opens what it sealed, in the same context only', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.string(), fc.string(), (plain, context, other) => {
        const sealed = vault.seal(plain, context);
        expect(vault.open(sealed, context).equals(Buffer.from(plain))).toBe(true);
        if (other !== context) expect(() => vault.open(sealed, other)).toThrow(VaultError);
      }),
      { numRuns: 100 },
    );
  });

  it('refuses sealed bytes with any single bit changed', () => {
    const sealed = vault.seal('xoxb-token', 'secret/1');
    for (let bit = 0; bit < sealed.length * 8; bit += 5) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = changed[bit >> 3]! ^ (1 << (bit & 7));
      expect(() => vault.open(changed, 'secret/1')).toThrow(VaultError);
    }
  });

  it('opens what every one of its keys has sealed, and wraps it anew by the first', () => {
    const [first, second] = [randomBytes(32), randomBytes(32)];
    const before = createVault(first);
    const both = createVault(second, [first]);
    const after = createVault(second);
    const sealed = before.seal('xoxb-token', 'c');
    expect(both.open(sealed, 'c').toString()).toBe('xoxb-token');
    expect(() => both.rewrap(sealed, 'another')).toThrow(VaultError);
    const wrapped = both.rewrap(sealed.subarray(0, HEAD_BYTES), 'c');
    if (wrapped === null) throw new Error('there was something to wrap');
    const anew = Buffer.concat([wrapped.head, sealed.subarray(wrapped.replaces)]);
    expect(after.open(anew, 'c').toString()).toBe('xoxb-token');
    expect(both.rewrap(anew, 'c')).toBeNull();
    expect(() => before.open(anew, 'c')).toThrow(HostKeyMissing);
  });

  it('opens what was sealed before heads named their key', () => {
    const old = Buffer.alloc(32, 0xab);
    const sealed = Buffer.from(
      'AYYQSF0O8zphBF9Wr8neO1PQ4ZUUZtMW87uT6CJhuN6J+7wMPy+7Z+KxFoSb7tMuxM/Tia+L9FMRGHJJOAeoKR3PH74YMXU27asIYJDNqQD0Ro/6zS+QpYrHSibmEtjC16u7',
      'base64',
    );
    const both = createVault(randomBytes(32), [old]);
    expect(both.open(sealed, 'secret/1').toString()).toBe('xoxb-token');
    const wrapped = both.rewrap(sealed, 'secret/1');
    const anew = Buffer.concat([wrapped?.head ?? Buffer.alloc(0), sealed.subarray(wrapped?.replaces ?? 0)]);
    expect(both.open(anew, 'secret/1').toString()).toBe('xoxb-token');
    expect(() => createVault(randomBytes(32)).open(sealed, 'secret/1')).toThrow(VaultError);
  });

  it('names the host key that is missing', () => {
    const other = createVault(randomBytes(32));
    expect(other.keyId).not.toBe(vault.keyId);
    expect(() => other.open(vault.seal('a', 'c'), 'c')).toThrow(vault.keyId);
    expect(() => other.open(vault.seal('a', 'c'), 'c')).toThrow(HostKeyMissing);
  });
});

describe('the keys of the host', () => {
  const none = { PATCHBAY_SECRET_KEYS_OLD: [] };
  const newFolder = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'patchbay-key-'));
    folders.push(folder);
    return folder;
  };

  it('are made once for a folder, readable by its owner only, even when two start at once', async () => {
    const folder = await newFolder();
    const loaded = await Promise.all([1, 2, 3].map(() => loadHostKeys(folder, none).catch(() => undefined)));
    const again = await loadHostKeys(folder, none);
    for (const keys of loaded) if (keys !== undefined) expect(keys.current.equals(again.current)).toBe(true);
    expect((await stat(join(folder, 'secret.key'))).mode & 0o777).toBe(0o600);
  });

  it('are of the environment first; the file still opens then', async () => {
    const folder = await newFolder();
    const before = await loadHostKeys(folder, none);
    await writeFile(join(folder, 'secret.key.old'), `${'12'.repeat(32)}\n${'34'.repeat(32)}\n`);
    const keys = await loadHostKeys(folder, {
      PATCHBAY_SECRET_KEY: 'ab'.repeat(32),
      PATCHBAY_SECRET_KEYS_OLD: ['cd'.repeat(32)],
    });
    expect(keys.current.toString('hex')).toBe('ab'.repeat(32));
    expect(keys.others.map((key) => key.toString('hex'))).toEqual([
      'cd'.repeat(32),
      '12'.repeat(32),
      '34'.repeat(32),
      before.current.toString('hex'),
    ]);
  });

  it('are refused when a file holds something else', async () => {
    const folder = await newFolder();
    await writeFile(join(folder, 'secret.key'), 'not a key');
    await expect(loadHostKeys(folder, none)).rejects.toThrow('secret.key');
  });
});
