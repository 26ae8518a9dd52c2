import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { engineFolder, sdkFolder } from '../engine/load-engine.ts';
import { reproduceChildFile } from './reproduce-child-file.ts';

let identity: Promise<string> | undefined;

/**
 * A digest of everything that decides what sources are compiled to: the compiler, the engines, the versions of what they
 * are made with. Two checkouts of one SDK version can differ in it, and then one cannot tell what the other made.
 */
export function compilerIdentity(): Promise<string> {
  identity ??= digest();
  identity.catch(() => (identity = undefined));
  return identity;
}

async function digest(): Promise<string> {
  const engines = (await readdir(engineFolder())).sort().map((name) => join(engineFolder(), name));
  const hash = createHash('sha256');
  for (const file of [join(sdkFolder(), 'package.json'), await reproduceChildFile(), ...engines])
    hash.update(
      createHash('sha256')
        .update(await readFile(file))
        .digest(),
    );
  return hash.digest('hex');
}
