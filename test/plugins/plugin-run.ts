import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { IngestInput, IngestRequest } from '@patchbay/plugin-sdk/contract/envelopes';
import { manifestSchema, type Manifest } from '@patchbay/plugin-sdk/contract/manifest';
import { runPlugin, type PluginOutcome } from '@patchbay/plugin-sdk/testing/run-plugin';

/** A request as a test writes it: the body as JSON, as text, or as bytes in base64. */
export interface TestRequest {
  method?: IngestRequest['method'];
  headers?: Record<string, string>;
  query?: Record<string, string[]>;
  contentType?: string;
  json?: unknown;
  text?: string;
  base64?: string;
}

export function pluginFolder(name: string): string {
  return fileURLToPath(new URL(`../../plugins/${name}`, import.meta.url));
}

/** The names of the first-party plugins that take requests of senders. */
export function ingestPlugins(): string[] {
  return readdirSync(pluginFolder('.'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(`${pluginFolder(entry.name)}/plugin.json`))
    .map((entry) => entry.name)
    .filter((name) => pluginManifest(name).provides.includes('ingest'));
}

const manifests = new Map<string, Manifest>();

export function pluginManifest(name: string): Manifest {
  const known = manifests.get(name);
  if (known !== undefined) return known;
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(`${pluginFolder(name)}/plugin.json`, 'utf8')));
  manifests.set(name, manifest);
  return manifest;
}

/** The settings that an integration has when nobody changed one. */
export function defaultConfiguration(name: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(pluginManifest(name).configuration.properties).flatMap(([field, { default: value }]) =>
      value === undefined ? [] : [[field, value]],
    ),
  );
}

/** Runs a first-party plugin's `ingest` in the real sandbox. */
export function runIngest(
  name: string,
  request: TestRequest,
  configuration: Record<string, unknown> = {},
): Promise<PluginOutcome<'ingest'>> {
  const input: IngestInput = {
    abi: 1,
    request: {
      id: 'req_test',
      receivedAt: '2026-01-01T00:00:00.000Z',
      method: request.method ?? 'POST',
      headers: lowerCase(request.headers ?? {}),
      query: request.query ?? {},
      contentType: request.contentType ?? 'application/json',
      body:
        request.base64 !== undefined
          ? { base64: request.base64 }
          : { text: request.text ?? (request.json === undefined ? '' : JSON.stringify(request.json)) },
    },
    configuration: { ...defaultConfiguration(name), ...configuration },
  };
  return runPlugin({ folder: pluginFolder(name), export: 'ingest', input });
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
