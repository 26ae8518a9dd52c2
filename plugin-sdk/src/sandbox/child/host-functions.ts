import { IO_MODULE, capabilityModule } from '../../contract/abi.ts';
import type { Capability } from '../../contract/permissions.ts';
import { bytesAt, enterRun, type HostFunction, type ImportContext } from './import-context.ts';
import type { RunState } from './run-state.ts';

// A list of our own, complete by its type: the contract's comes with the schemas' library, which would triple the bundle.
const capabilities = Object.keys({
  http: true,
  store: true,
  emit: true,
  schedule: true,
} satisfies Record<Capability, true>) as Capability[];

/**
 * The imports of contract/abi.ts over one context. Every pointer is checked against the memory as it is at that
 * moment; one outside of it ends the run. While a module is instantiated there is no run and every import throws.
 */
export function hostFunctions(context: ImportContext): Record<string, Record<string, HostFunction>> {
  const enter = (): RunState => enterRun(context);
  const at = (run: RunState, pointer: number, length: number): Uint8Array => bytesAt(context, run, pointer, length);
  const copyTo = (run: RunState, pointer: number, bytes: Uint8Array): void => at(run, pointer, bytes.length).set(bytes);

  const io: Record<string, HostFunction> = {
    input_length: () => enter().input.length,
    input_read: (pointer: number) => {
      const run = enter();
      copyTo(run, pointer, run.input);
      return undefined;
    },
    output_write: (pointer: number, length: number) => {
      const run = enter();
      run.writeOutput(at(run, pointer, length));
      return undefined;
    },
    error_write: (pointer: number, length: number) => {
      const run = enter();
      run.writeError(at(run, pointer, length));
      return undefined;
    },
    batch_length: () => enter().batchLength(),
    batch_read: (pointer: number) => {
      const run = enter();
      copyTo(run, pointer, run.readBatch());
      return undefined;
    },
    now: () => enter().now(),
    seed_read: (pointer: number) => {
      const run = enter();
      copyTo(run, pointer, Buffer.from(run.seed, 'hex'));
      return undefined;
    },
    log_write: (level: number, pointer: number, length: number) => {
      const run = enter();
      run.writeLog(level, at(run, pointer, length));
      return undefined;
    },
  };
  const modules: Record<string, Record<string, HostFunction>> = { [IO_MODULE]: io };
  for (const capability of capabilities)
    modules[capabilityModule(capability)] = {
      ask: (pointer: number, length: number) => {
        const run = enter();
        return run.ask(capability, at(run, pointer, length));
      },
      ask_blocking: (pointer: number, length: number) => {
        const run = enter();
        return run.askBlocking(capability, at(run, pointer, length));
      },
    };
  return modules;
}
