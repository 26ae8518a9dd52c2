import { createPlugin, type CallContext } from '@extism/extism';

export interface OracleWorld {
  configuration?: Record<string, string>;
  /** What http_request is answered. */
  status?: number;
  body?: string;
  requests?: unknown[];
}

/**
 * The same module under the official host, in its foreground mode: what it makes of an export is what ours has to make
 * of it. That mode cannot send requests, so they are answered here.
 */
export async function callUnderExtism(wasm: Uint8Array, name: string, input: string, world: OracleWorld = {}) {
  const plugin = await createPlugin(
    { wasm: [{ data: wasm }] },
    {
      runInWorker: false,
      useWasi: WebAssembly.Module.imports(new WebAssembly.Module(new Uint8Array(wasm))).some(({ module }) =>
        module.startsWith('wasi'),
      ),
      config: Object.assign(Object.create(null) as Record<string, string>, world.configuration),
      functions: {
        'extism:host/env': {
          http_request: (context: CallContext, request: bigint, body: bigint): bigint => {
            const text = body === 0n ? null : (context.read(body)?.text() ?? null);
            world.requests?.push({ ...(context.read(request)?.json() as object), body: text });
            return context.store(world.body ?? '');
          },
          http_status_code: () => world.status ?? 200,
        },
      },
    },
  );
  try {
    const output = await plugin.call(name, input);
    return { output: output?.text() ?? null };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { error: message.replace(/^Plugin-originated error: /, '') };
  } finally {
    await plugin.close();
  }
}
