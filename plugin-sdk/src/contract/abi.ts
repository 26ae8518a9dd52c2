/**
 * What a module built by the SDK imports and exports (version ABI_VERSION).
 *
 * Exports: `memory`, the mutable global `__stack_pointer`, and one function per provided export
 * (`ingest`, `deliver`, ...) of type `() -> i32`; 0 is success, anything else failed. A module that can be kept while it
 * waits also exports `patchbay_resume` of that type: it takes the batches that came since, and ends as the export that is
 * under way would have.
 * A custom section `patchbay` holds JSON `{abi, hostApi, sdk}`.
 *
 * Imports: module `patchbay:io` is always there; each capability is an import module of its own and is there only
 * if the manifest grants it. All pointers and lengths are i32 into `memory`; texts are UTF-8.
 *
 *   patchbay:io   input_length() -> i32            length of the input envelope (JSON)
 *                 input_read(ptr)                  copies it to ptr
 *                 output_write(ptr, len)           the output envelope (JSON); the last write counts
 *                 error_write(ptr, len)            an uncaught error: JSON {name, message, stack, code?}
 *                 batch_length() -> i32            length of the journal's next batch, -1 when there is none
 *                 batch_read(ptr)                  copies it and moves the clock to its time;
 *                                                  JSON [[ask, answer], ...] as in JournalBatch.answers
 *                 now() -> f64                     milliseconds since the epoch; moves 1 us a read within a batch
 *                 seed_read(ptr)                   copies the call's 32 random bytes
 *                 log_write(level, ptr, len)       0 debug, 1 info, 2 warn, 3 error; JSON {message, fields?}
 *   patchbay:http      ask(ptr, len) -> i32        an HttpAsk as JSON; gives the ask's number at once
 *                      ask_blocking(ptr, len) -> i32   length of the answer's JSON, to be read by batch_read;
 *                                                  ends the run if the journal has no answer yet
 *   patchbay:store     ask(ptr, len) -> i32        a StoreAsk as JSON
 *                      ask_blocking(ptr, len) -> i32
 *   patchbay:emit      ask(ptr, len) -> i32        an EmitAsk as JSON
 *   patchbay:schedule  ask(ptr, len) -> i32        a SleepAsk as JSON
 *
 * Once a run has been flagged (ended by a blocking ask, a broken budget or a replay that differs) every import traps
 * again, so that a guest which catches the trap gets no further.
 */
export const ABI_CUSTOM_SECTION = 'patchbay';
export const IO_MODULE = 'patchbay:io';
export const RESUME_EXPORT = 'patchbay_resume';

/** The imports of modules that other compilers make: docs/decisions/0014-extism-abi.md says what they come to here. */
export const EXTISM_MODULE = 'extism:host/env';
export const WASI_MODULE = 'wasi_snapshot_preview1';

/** The import module that proves a capability. */
export function capabilityModule<C extends string>(capability: C): `patchbay:${C}` {
  return `patchbay:${capability}`;
}

/** Those imports, as a package's check lists them, of which each proves the capability. */
export function capabilityProofs(capability: 'http' | 'store' | 'emit' | 'schedule'): string[] {
  const foreign = { http: ['http_request'], store: ['var_get', 'var_set'], emit: [], schedule: [] }[capability];
  return [capabilityModule(capability), ...foreign.map((name) => `${EXTISM_MODULE}.${name}`)];
}

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];
