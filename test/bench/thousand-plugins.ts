import { readFileSync } from 'node:fs';
import { createSandbox } from '@patchbay/plugin-sdk/sandbox/create-sandbox';
import { digestOf, variantOf } from './module-variants.ts';
import type { RunRequest } from '@patchbay/plugin-sdk/contract/run';

const PLUGINS = 1_000;

/**
 * Resident memory, in MiB, of a process with a sandbox and of the sandbox's processes, once a thousand plugins have run in
 * each. Their modules are made when they are loaded, as from a disk.
 */
export async function measureThousandPlugins(
  wasm: Uint8Array,
  requestFor: (module: string) => RunRequest,
): Promise<number> {
  const numbers = Array.from({ length: PLUGINS }, (_, number) => number);
  const byDigest = new Map(numbers.map((number) => [digestOf(variantOf(wasm, number)), number]));
  const sandbox = createSandbox({
    loadModule: (sha256) => Promise.resolve(variantOf(wasm, byDigest.get(sha256) ?? 0)),
    processes: 2,
  });
  try {
    for (const module of byDigest.keys()) await Promise.all([0, 1].map(() => sandbox.run(requestFor(module))));
    return [process.pid, ...sandbox.pids()].reduce((sum, pid) => sum + residentMebibytes(pid), 0);
  } finally {
    await sandbox.close();
  }
}

/** NaN where there is no /proc. */
function residentMebibytes(pid: number): number {
  try {
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kibibytes) / 1024;
  } catch {
    return Number.NaN;
  }
}
