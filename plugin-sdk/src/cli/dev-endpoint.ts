import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sandboxLimits } from '../contract/limits.ts';
import { ingestInput } from '../package/fixture.ts';
import { runPlugin } from '../testing/run-plugin.ts';
import { failure, type CommandResult } from './command-result.ts';
import type { LoadedPlugin } from './load-plugin.ts';
import { logLine, outcomeLines } from './outcome-lines.ts';
import type { settingsFor } from './settings-for.ts';

type Plugin = Extract<LoadedPlugin, { ok: true }>;

interface EndpointOptions {
  /** The last build that worked. */
  plugin: () => Plugin | undefined;
  settings: (plugin: Plugin) => ReturnType<typeof settingsFor>;
  say: (event: Record<string, unknown>, lines: readonly string[]) => void;
}

type Endpoint = { ok: true; url: string; close(): Promise<void> } | { ok: false; result: CommandResult };

/** Gives every request that comes in to the plugin, and answers with what came of it. On loopback only, unverified. */
export async function serveLocally(port: number, options: EndpointOptions): Promise<Endpoint> {
  const server = createServer((request, response) => {
    answer(request, response, options).catch((error: unknown) => {
      response.writeHead(500).end(error instanceof Error ? error.message : String(error));
    });
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ok: false, result: failure('PORT_IN_USE', `The local address cannot be opened: ${why}`) };
  }
  return {
    ok: true,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, options: EndpointOptions): Promise<void> {
  const send = (status: number, value: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(value, null, 2)}\n`);
  };
  const plugin = options.plugin();
  if (plugin === undefined) return send(503, { error: 'The plugin cannot be compiled.' });
  if (!plugin.manifest.provides.includes('ingest')) return send(404, { error: 'The plugin takes no requests.' });
  const method = request.method === 'PUT' || request.method === 'GET' ? request.method : 'POST';
  const body = await readBody(request);
  if (body === undefined) return send(413, { error: `More than ${sandboxLimits.inputBytes} bytes.` });
  const settings = await options.settings(plugin);
  if (!settings.ok) {
    const { report, lines } = settings.result;
    options.say({ event: 'refused', method, ...report }, [`${method} ${request.url ?? '/'} was not run`, ...lines]);
    return send(422, report);
  }
  const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
    [value ?? []].flat().map((one) => [name, one]),
  );
  const query = [...new URL(request.url ?? '/', 'http://127.0.0.1').searchParams];
  const input = ingestInput(
    { method, headers, query, contentType: undefined, body },
    settings.configuration,
    new Date().toISOString(),
  );
  const { manifest, wasm, sourceMap } = plugin;
  const source = { wasm, manifest, ...(sourceMap === undefined ? {} : { sourceMap }) };
  const outcome = await runPlugin({ ...source, export: 'ingest', input });
  const { journal: _journal, ...shown } = outcome;
  const microseconds = outcome.usage.cpuMicros;
  options.say({ event: 'request', method, ...shown }, [
    `${method} ${request.url ?? '/'} (${body.length} bytes, ${microseconds} us)`,
    ...outcomeLines(outcome).map((line) => `  ${line}`),
    ...outcome.logs.map((line) => `  ${logLine(line)}`),
  ]);
  send(outcome.outcome === 'error' ? 500 : outcome.outcome === 'invalid' ? 400 : 200, shown);
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > sandboxLimits.inputBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
