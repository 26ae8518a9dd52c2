import type { extismImports } from '../foreign-imports.ts';
import { ExtismCall } from './extism-call.ts';
import { enterRun, type HostFunction, type ImportContext } from './import-context.ts';

const levels = { debug: 0, info: 1, warn: 2, error: 3 };

/** The functions of `extism:host/env` over one context. None may be called before the first run. */
export function extismFunctions(context: ImportContext): Record<keyof typeof extismImports, HostFunction> {
  const enter = (): ExtismCall => {
    const run = enterRun(context);
    return (context.extism ??= new ExtismCall(run));
  };
  const done = (_nothing: void): undefined => undefined;
  const log = (level: number) => (address: bigint) => done(enter().log(level, address));
  return {
    alloc: (length: bigint) => enter().blocks.alloc(length),
    free: (address: bigint) => done(enter().blocks.free(address)),
    length: (address: bigint) => enter().blocks.length(address),
    length_unsafe: (address: bigint) => enter().blocks.length(address),
    load_u8: (address: bigint) => enter().blocks.loadByte(address),
    load_u64: (address: bigint) => enter().blocks.loadWord(address),
    store_u8: (address: bigint, value: number) => done(enter().blocks.storeByte(address, value)),
    store_u64: (address: bigint, value: bigint) => done(enter().blocks.storeWord(address, value)),
    input_offset: () => enter().inputAddress,
    input_length: () => BigInt(enter().run.input.length),
    input_load_u8: (offset: bigint) => {
      const call = enter();
      return call.blocks.loadByte(inputAddress(call, offset));
    },
    input_load_u64: (offset: bigint) => {
      const call = enter();
      return call.blocks.loadWord(inputAddress(call, offset));
    },
    output_set: (address: bigint, length: bigint) => done(enter().setOutput(address, length)),
    error_set: (address: bigint) => done(enter().setError(address)),
    error_get: () => enter().errorAddress,
    config_get: (key: bigint) => enter().config(key),
    var_get: (key: bigint) => enter().getVar(key),
    var_set: (key: bigint, value: bigint) => done(enter().setVar(key, value)),
    http_request: (request: bigint, body: bigint) => enter().request(request, body),
    http_status_code: () => enter().status,
    http_headers: () => enter().headers(),
    log_trace: log(levels.debug),
    log_debug: log(levels.debug),
    log_info: log(levels.info),
    log_warn: log(levels.warn),
    log_error: log(levels.error),
    // The lowest: every line is kept, within the budget of the run.
    get_log_level: () => {
      enter();
      return 0;
    },
  };
}

/** An offset into the input, which must not lead to another block. */
function inputAddress({ inputAddress: start, run }: ExtismCall, offset: bigint): bigint {
  if (offset < 0n || offset > BigInt(run.input.length))
    run.fail({ code: 'PLUGIN_TRAP', message: `The input has ${run.input.length} bytes; byte ${offset} was wanted.` });
  return start + offset;
}
