import type { ExtismCall } from './extism-call.ts';
import { RunEnded, type RunState } from './run-state.ts';
import type { WasiCall } from './wasi-call.ts';

/**
 * What the imports of an instance work on: the run and, from their first use in it, what the two foreign ABIs keep for
 * that run. Nothing of a run is left when the next begins.
 */
export interface ImportContext {
  run: RunState | undefined;
  /** Set once the module is instantiated. */
  memory: WebAssembly.Memory | undefined;
  /** `_initialize` or `_start` is at work. */
  starting: boolean;
  extism: ExtismCall | undefined;
  wasi: WasiCall | undefined;
}

export type HostFunction = (...parameters: never[]) => number | bigint | undefined;

export function newContext(): ImportContext {
  return { run: undefined, memory: undefined, starting: false, extism: undefined, wasi: undefined };
}

/** Another run, or none, with nothing kept yet. */
export function setRun(context: ImportContext, run: RunState | undefined): void {
  context.run = run;
  context.extism = undefined;
  context.wasi = undefined;
}

/** The run that goes on. To be called first by every import, so that a flagged run goes no further. */
export function enterRun(context: ImportContext): RunState {
  const run = context.run;
  if (run === undefined) throw new RunEnded('this import may not be called before the first run');
  run.enter();
  return run;
}

/** Part of the memory as it is at this moment; a pointer outside of it ends the run. */
export function bytesAt(
  { memory }: ImportContext,
  world: Pick<RunState, 'fail'>,
  pointer: number,
  length: number,
): Uint8Array {
  const start = pointer >>> 0;
  const count = length >>> 0;
  const buffer = memory?.buffer;
  if (buffer === undefined || start + count > buffer.byteLength)
    world.fail({ code: 'PLUGIN_TRAP', message: `A pointer is outside the memory (${start} + ${count} bytes).` });
  return new Uint8Array(buffer, start, count);
}
