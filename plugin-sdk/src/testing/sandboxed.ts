import { createSandbox } from '../sandbox/create-sandbox.ts';
import { emptyJournal, runOf } from '../sandbox/test-modules.ts';
import { driveCall, type World } from './drive-call.ts';
import type { Journal } from '../contract/journal.ts';
import { allPermissions, compiled } from '../compile/testing/compile-text.ts';

/** A plugin of these few lines in the real sandbox: `answer(input)` gives what is written out, as JSON. */
export async function sandboxed(answer: string) {
  const { wasm, sha256 } = await compiled(
    `export async function deliver() {
       const answer = ${answer};
       return { value: (await answer(JSON.parse(Host.inputString()))) ?? null };
     }`,
    { provides: ['deliver'], permissions: allPermissions },
  );
  const sandbox = createSandbox({ loadModule: () => Promise.resolve(wasm), processes: 1 });
  return {
    close: () => sandbox.close(),
    async call(input: unknown, world: World = {}, journal: Journal = emptyJournal) {
      const { journal: _none, ...request } = runOf({ wasm, sha256 }, JSON.stringify(input), {
        export: 'deliver',
        limits: { runCpuMs: 20_000, runWallMs: 600_000 },
      });
      const called = await driveCall(sandbox, request, world, journal);
      if (called.result.status !== 'done') throw new Error(JSON.stringify(called.result));
      return { ...called, value: (JSON.parse(called.result.output) as { value: unknown }).value };
    },
  };
}

export type Sandboxed = Awaited<ReturnType<typeof sandboxed>>;
