import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { bundleScript, type SourceModule } from '@patchbay/plugin-sdk/compile/bundle';
import { replaceSchemaModules } from '@patchbay/plugin-sdk/compile/schemas/schema-modules';
import type { Sandbox } from '@patchbay/plugin-sdk/contract/run';

type Ingest = (input: unknown) => unknown;

/**
 * The code of a plugin in this very process, as a host without a sandbox would call it: the same source and the same
 * generated validators, run by V8 instead of by the engine.
 */
export async function loadInProcess(folder: string): Promise<Ingest> {
  const root = await realpath(folder);
  const modules = new Map<string, SourceModule>();
  const schemas = await replaceSchemaModules(root, modules);
  if (!schemas.ok) throw new Error(JSON.stringify(schemas.errors));
  const input = { entry: join(root, 'src/index.ts'), replacements: schemas.replacements };
  const bundled = await bundleScript(input, root, modules);
  if (!bundled.ok) throw new Error(JSON.stringify(bundled.errors));
  const context = createContext({ URL, URLSearchParams, TextEncoder, TextDecoder });
  const plugin = runInContext(`${bundled.code}\nplugin`, context) as { default: { ingest: Ingest } };
  return (input) => plugin.default.ingest(input);
}

/** A sandbox that is none: every module is this function. */
export function inProcessSandbox(ingest: Ingest): Sandbox {
  return {
    async run({ input }, onDispatched) {
      onDispatched?.();
      const output = JSON.stringify(await ingest(JSON.parse(input)));
      return { status: 'done', output, asks: [], logs: [], usage: { cpuMicros: 0, memoryBytes: 0 } };
    },
    close: () => Promise.resolve(),
  };
}
