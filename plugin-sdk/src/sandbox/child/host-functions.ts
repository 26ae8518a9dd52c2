import { IO_MODULE, capabilityModule } from '../../contract/abi.ts';
import type { Capability } from '../../contract/permissions.ts';
import { RunEnded, type RunState } from './run-state.ts';

/** What an instance's imports work on; `run` is set for the time of a run and `memory` once it is instantiated. */
export interface ImportContext {
  run: RunState | undefined;
  memory: WebAssembly.Memory | undefined;
}

// A list of our own, complete by its type: the contract's comes with the schemas' library, which would triple the bundle.
const capabilities = Object.keys({
  http: true,
  store: true,
  emit: true,
  schedule: true,
} satisfies Record<Capability, true>) as Capability[];

export type HostFunction = (...parameters: number[]) => number | undefined;

/**
 * The imports of contract/abi.ts over one context. Every pointer is checked against the memory as it is at that
 * moment; one outside of it ends the run. While a module is instantiated there is no run and every import throws.
 */
export function hostFunctions(context: ImportContext): Record<string, Record<string, HostFunction>> {
  const enter = (): RunState => {
    const run = context.run;
    if (run === undefined) throw new RunEnded('no import may be called while the module is instantiated');
    run.enter();
    return run;
  };
  const bytesAt = (run: RunState, pointer: number, length: number): Uint8Array => {
    const start = pointer >>> 0;
    const count = length >>> 0;
    const buffer = context.memory?.buffer;
    if (buffer === undefined || start + count > buffer.byteLength)
      run.fail({ code: 'PLUGIN_TRAP', message: `A pointer is outside the memory (${start} + ${count} bytes).` });
    return new Uint8Array(buffer, start, count);
  };
  const copyTo = (run: RunState, pointer: number, bytes: Uint8Array): void =>
    bytesAt(run, pointer, bytes.length).set(bytes);

  const io: Record<string, HostFunction> = {
    input_length: () => enter().input.length,
    input_read: (pointer = 0) => {
      const run = enter();
      copyTo(run, pointer, run.input);
      return undefined;
    },
    output_write: (pointer = 0, length = 0) => {
      const run = enter();
      run.writeOutput(bytesAt(run, pointer, length));
      return undefined;
    },
    error_write: (pointer = 0, length = 0) => {
      const run = enter();
      run.writeError(bytesAt(run, pointer, length));
      return undefined;
    },
    batch_length: () => enter().batchLength(),
    batch_read: (pointer = 0) => {
      const run = enter();
      copyTo(run, pointer, run.readBatch());
      return undefined;
    },
    now: () => enter().now(),
    seed_read: (pointer = 0) => {
      const run = enter();
      copyTo(run, pointer, Buffer.from(run.seed, 'hex'));
      return undefined;
    },
    log_write: (level = 0, pointer = 0, length = 0) => {
      const run = enter();
      run.writeLog(level, bytesAt(run, pointer, length));
      return undefined;
    },
  };
  const modules: Record<string, Record<string, HostFunction>> = { [IO_MODULE]: io };
  for (const capability of capabilities)
    modules[capabilityModule(capability)] = {
      ask: (pointer = 0, length = 0) => {
        const run = enter();
        return run.ask(capability, bytesAt(run, pointer, length));
      },
      ask_blocking: (pointer = 0, length = 0) => {
        const run = enter();
        return run.askBlocking(capability, bytesAt(run, pointer, length));
      },
    };
  return modules;
}
