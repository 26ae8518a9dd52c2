import { setRun, type ImportContext } from './import-context.ts';
import type { RunState } from './run-state.ts';

export type Returned = { code: number } | { thrown: unknown };

/** Calls an export of an instance in its first state. @returns the export's number, or what was thrown out of it */
export function runExport(context: ImportContext, state: RunState, exported: () => number): Returned {
  setRun(context, state);
  let returned: Returned;
  try {
    returned = { code: exported() };
  } catch (thrown) {
    returned = state.exitCode === undefined ? { thrown } : { code: state.exitCode };
  }
  try {
    // What a module wrote before it trapped may say why.
    context.wasi?.flush();
    if ('code' in returned) context.extism?.finish();
  } catch (thrown) {
    returned = { thrown };
  }
  setRun(context, undefined);
  return returned;
}
