import type { RunFailure } from '../messages.ts';

/** A module that traps with so much of its memory taken most likely wanted more. */
const NEARLY_FULL = 7 / 8;

export interface MemoryUsage {
  memoryBytes: number;
  memoryMax: number;
}

function isNearlyFull({ memoryBytes, memoryMax }: MemoryUsage): boolean {
  return memoryBytes >= NEARLY_FULL * memoryMax;
}

/** Why a run failed out of which something was thrown. */
export function trapFailure(thrown: unknown, usage: MemoryUsage): RunFailure {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  if (isNearlyFull(usage))
    return {
      code: 'MEMORY_EXCEEDED',
      message: `The module trapped with ${usage.memoryBytes} of its ${usage.memoryMax} bytes of memory in use: ${reason.slice(0, 200)}`,
    };
  return { code: 'PLUGIN_TRAP', message: `The module trapped: ${reason.slice(0, 500)}` };
}

/** Why a run failed that wrote an error, or said that it failed and not why. */
export function errorFailure(bytes: Uint8Array | undefined, usage: MemoryUsage): RunFailure {
  const plain: RunFailure = { code: 'PLUGIN_ERROR', message: 'The plugin failed without saying why.' };
  if (bytes === undefined) return plain;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return { ...plain, message: text.slice(0, 500) };
  }
  if (typeof read !== 'object' || read === null) return plain;
  const field = (name: string, max: number): string | undefined => {
    const value: unknown = Reflect.get(read, name);
    return typeof value === 'string' ? value.slice(0, max) : undefined;
  };
  const name = field('name', 128) ?? 'Error';
  const message = field('message', 4096) ?? '';
  const stack = field('stack', 8192);
  const code = field('code', 64);
  const error = { name, message, ...(stack !== undefined && { stack }), ...(code !== undefined && { code }) };
  // The engine throws null where there is no memory left for the error itself.
  const outOfMemory =
    (name === 'InternalError' && message === 'out of memory') || (message === 'Thrown: null' && isNearlyFull(usage));
  return { code: outOfMemory ? 'MEMORY_EXCEEDED' : 'PLUGIN_ERROR', message: `${name}: ${message}`, error };
}
