import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { generateSigningKey, parseSigningKey, privateKeyPem } from './signing-key.ts';
import type { SigningKey } from './dsse.ts';

/**
 * A signing key in a file that only its owner may read (0600), made when it is missing. Of two processes that start at
 * once one makes it and the other reads it.
 *
 * A key on the same disk as what it signs shows that a package was not changed on its way or in a backup, and by
 * somebody who can write the packages but not read this file. It does not protect from whoever controls the machine.
 */
export async function openKeyFile(file: string): Promise<SigningKey> {
  await mkdir(dirname(file), { recursive: true });
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      const key = generateSigningKey();
      await handle.writeFile(privateKeyPem(key));
      await handle.sync();
      return key;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return readKey(file);
}

const ATTEMPTS = 20;
const WAIT_MS = 50;

/** The process that makes the file may still be writing it. */
async function readKey(file: string): Promise<SigningKey> {
  for (let attempt = 1; ; attempt++) {
    const pem = await readFile(file, 'utf8');
    if (pem.endsWith('-----END PRIVATE KEY-----\n')) return parseSigningKey(pem);
    if (attempt === ATTEMPTS) throw new Error(`${file} does not hold a private key.`);
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
}
