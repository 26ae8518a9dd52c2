import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Packages by the sha256 (hex) of their bytes. What was put is never changed. */
export interface PackageBlobs {
  /** Durable once it returns. Putting the same bytes again changes nothing. */
  put(sha256: string, bytes: Uint8Array): Promise<void>;
  /** The bytes, verified against their digest; undefined when there are none. Throws when they do not match. */
  get(sha256: string): Promise<Buffer | undefined>;
}

/** Packages as files `<folder>/<sha256>.tgz`. */
export function folderBlobs(folder: string): PackageBlobs {
  const fileOf = (sha256: string): string => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new TypeError('Expected a sha256 in hex');
    return join(folder, `${sha256}.tgz`);
  };
  return {
    async put(sha256, bytes) {
      const file = fileOf(sha256);
      if ((await sizeOf(file)) === bytes.length) return;
      await mkdir(folder, { recursive: true });
      const temporary = `${file}.${randomUUID()}`;
      try {
        const handle = await open(temporary, 'wx');
        try {
          await handle.writeFile(bytes);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(temporary, file);
      } finally {
        await rm(temporary, { force: true });
      }
    },
    async get(sha256) {
      let bytes: Buffer;
      try {
        bytes = await readFile(fileOf(sha256));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
      if (createHash('sha256').update(bytes).digest('hex') !== sha256)
        throw new Error(`The package ${sha256} was changed on disk.`);
      return bytes;
    },
  };
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
