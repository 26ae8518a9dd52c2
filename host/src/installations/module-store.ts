import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ModuleUnverified } from '@patchbay/plugin-sdk/sandbox/module-unverified';

/** Modules of installed plugins by the sha256 (hex) of their bytes. */
export interface ModuleStore {
  /** Durable once it returns; the same module again changes nothing. */
  put(sha256: string, module: Uint8Array): Promise<void>;
  /** The module, verified against its digest: what was changed on disk is never run. Throws otherwise. */
  loadModule(sha256: string): Promise<Uint8Array>;
}

/** Modules as files `modules/<sha256>.wasm` below the data folder. */
export function createModuleStore(dataFolder: string): ModuleStore {
  const folder = join(dataFolder, 'modules');
  const fileOf = (sha256: string): string => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new TypeError('Expected a sha256 in hex');
    return join(folder, `${sha256}.wasm`);
  };
  return {
    async put(sha256, module) {
      if (digestOf(module) !== sha256) throw new Error(`These bytes are not the module ${sha256}.`);
      const file = fileOf(sha256);
      if (await isWhole(file, sha256)) return;
      await mkdir(folder, { recursive: true });
      const temporary = `${file}.${randomUUID()}`;
      try {
        const handle = await open(temporary, 'wx');
        try {
          await handle.writeFile(module);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(temporary, file);
      } finally {
        await rm(temporary, { force: true });
      }
    },
    async loadModule(sha256) {
      const module = await readFile(fileOf(sha256)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
        throw new ModuleUnverified(`The module ${sha256} is gone from the disk.`, { cause: error });
      });
      if (digestOf(module) !== sha256) throw new ModuleUnverified(`The module ${sha256} was changed on disk.`);
      return module;
    },
  };
}

async function isWhole(file: string, sha256: string): Promise<boolean> {
  try {
    await stat(file);
    return digestOf(await readFile(file)) === sha256;
  } catch {
    return false;
  }
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
