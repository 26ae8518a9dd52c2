import { wasiImports } from '../foreign-imports.ts';
import { bytesAt, enterRun, type HostFunction, type ImportContext } from './import-context.ts';
import { startWorld, WasiCall } from './wasi-call.ts';

// https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#errno
const SUCCESS = 0;
const BAD_DESCRIPTOR = 8;
const NOT_IMPLEMENTED = 52;
const NOT_SEEKABLE = 70;

const CHARACTER_DEVICE = 2;
const RIGHT_TO_WRITE = 64n;
const CLOCKS = 4;
const RESOLUTION_NANOS = 1000n;

/**
 * WASI that denies: the call's clock, randomness from its seed, and stdout and stderr as lines of its log. There are no
 * files, no arguments, no environment, no sockets and no waiting; what asks for them is told so by an error number.
 */
export function wasiFunctions(context: ImportContext): Record<string, HostFunction> {
  const enter = (): WasiCall => {
    if (context.starting) return (context.wasi ??= new WasiCall(startWorld()));
    const run = enterRun(context);
    return (context.wasi ??= new WasiCall(run));
  };
  const viewAt = ({ world }: WasiCall, pointer: number, length: number): DataView => {
    const bytes = bytesAt(context, world, pointer, length);
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  };
  const refuse =
    (code: number): HostFunction =>
    () => {
      enter();
      return code;
    };
  /** No entries and no bytes of them. */
  const nothing = (countPointer: number, bytesPointer: number): number => {
    const call = enter();
    viewAt(call, countPointer, 4).setUint32(0, 0, true);
    viewAt(call, bytesPointer, 4).setUint32(0, 0, true);
    return SUCCESS;
  };
  const ofStandard = (code: number) => (descriptor: number) => {
    enter();
    return descriptor >= 0 && descriptor <= 2 ? code : BAD_DESCRIPTOR;
  };

  const given: Partial<Record<keyof typeof wasiImports, HostFunction>> = {
    args_sizes_get: nothing,
    environ_sizes_get: nothing,
    args_get: refuse(SUCCESS),
    environ_get: refuse(SUCCESS),
    sched_yield: refuse(SUCCESS),
    fd_close: ofStandard(SUCCESS),
    fd_seek: ofStandard(NOT_SEEKABLE),
    clock_res_get: (clock: number, out: number) => {
      const call = enter();
      if (clock >>> 0 >= CLOCKS) return NOT_IMPLEMENTED;
      viewAt(call, out, 8).setBigUint64(0, RESOLUTION_NANOS, true);
      return SUCCESS;
    },
    clock_time_get: (clock: number, _precision: bigint, out: number) => {
      const call = enter();
      if (clock >>> 0 >= CLOCKS) return NOT_IMPLEMENTED;
      const micros = BigInt(Math.round(call.world.now() * 1000));
      viewAt(call, out, 8).setBigUint64(0, micros * 1000n, true);
      return SUCCESS;
    },
    random_get: (pointer: number, length: number) => {
      const call = enter();
      call.fillRandom(bytesAt(context, call.world, pointer, length));
      return SUCCESS;
    },
    fd_fdstat_get: (descriptor: number, out: number) => {
      const call = enter();
      if (descriptor < 0 || descriptor > 2) return BAD_DESCRIPTOR;
      const stat = viewAt(call, out, 24);
      stat.setBigUint64(0, BigInt(CHARACTER_DEVICE), true);
      stat.setBigUint64(8, descriptor === 0 ? 0n : RIGHT_TO_WRITE, true);
      stat.setBigUint64(16, 0n, true);
      return SUCCESS;
    },
    fd_write: (descriptor: number, vectors: number, count: number, written: number) => {
      const call = enter();
      if (descriptor !== 1 && descriptor !== 2) return BAD_DESCRIPTOR;
      let total = 0;
      for (let index = 0; index < count >>> 0; index++) {
        const vector = viewAt(call, (vectors >>> 0) + index * 8, 8);
        const bytes = bytesAt(context, call.world, vector.getUint32(0, true), vector.getUint32(4, true));
        call.write(descriptor, bytes);
        total += bytes.length;
      }
      viewAt(call, written, 4).setUint32(0, total, true);
      return SUCCESS;
    },
    proc_exit: (code: number) => enter().world.exit(code),
  };
  const functions: Record<string, HostFunction> = {};
  for (const name of Object.keys(wasiImports) as (keyof typeof wasiImports)[])
    functions[name] = given[name] ?? refuse(/^(fd|path|sock)_/.test(name) ? BAD_DESCRIPTOR : NOT_IMPLEMENTED);
  return functions;
}
