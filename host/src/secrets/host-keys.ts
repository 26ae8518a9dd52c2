import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VaultError } from './vault.ts';

export interface HostKeys {
  /** The one that seals. */
  current: Buffer;
  /** Others that open. */
  others: Buffer[];
}

interface FromEnvironment {
  PATCHBAY_SECRET_KEY?: string | undefined;
  PATCHBAY_SECRET_KEYS_OLD: readonly string[];
}

const KEY_BYTES = 32;

/**
 * The keys of the host. The current one is of the environment, else of `<folder>/secret.key`, which is made on first use
 * (mode 0600). Others are of the environment, of `<folder>/secret.key.old` (one a line), and of `secret.key` when the
 * environment has taken its place.
 */
export async function loadHostKeys(folder: string, given: FromEnvironment): Promise<HostKeys> {
  const path = join(folder, 'secret.key');
  const named = given.PATCHBAY_SECRET_KEYS_OLD.map((key) => Buffer.from(key, 'hex'));
  const others = [...named, ...(await keysIn(`${path}.old`))];
  if (given.PATCHBAY_SECRET_KEY !== undefined)
    return { current: Buffer.from(given.PATCHBAY_SECRET_KEY, 'hex'), others: [...others, ...(await keysIn(path))] };
  await makeKeyFile(folder, path);
  const [current] = await keysIn(path);
  if (current === undefined) throw new VaultError(`${path} does not hold a key of 32 bytes in hex`);
  return { current, others };
}

async function makeKeyFile(folder: string, path: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      await file.writeFile(`${randomBytes(KEY_BYTES).toString('hex')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** @returns none when there is no such file */
async function keysIn(path: string): Promise<Buffer[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      if (!/^[0-9a-f]{64}$/.test(line))
        throw new VaultError(`${path} does not hold keys of 32 bytes in hex, one a line`);
      return Buffer.from(line, 'hex');
    });
}
