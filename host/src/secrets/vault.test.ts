import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createVault, loadHostKey, VaultError } from './vault.ts';

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

  it('refuses the bytes of another host key', () => {
    const other = createVault(randomBytes(32));
    expect(other.keyId).not.toBe(vault.keyId);
    expect(() => other.open(vault.seal('a', 'c'), 'c')).toThrow(VaultError);
  });
});

describe('loadHostKey', () => {
  it('makes one key per folder, readable by its owner only, even when two start at once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'patchbay-key-'));
    folders.push(folder);
    const keys = await Promise.all([1, 2, 3].map(() => loadHostKey(folder, undefined).catch(() => undefined)));
    const again = await loadHostKey(folder, undefined);
    for (const key of keys) if (key !== undefined) expect(key.equals(again)).toBe(true);
    expect((await stat(join(folder, 'secret.key'))).mode & 0o777).toBe(0o600);
  });

  it('prefers the key of the environment', async () => {
    const hex = 'ab'.repeat(32);
    expect((await loadHostKey('/nonexistent', hex)).toString('hex')).toBe(hex);
  });
});
