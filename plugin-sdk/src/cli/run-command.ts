import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { deliverInputSchema, changeSchema, ABI_VERSION, type DeliverInput } from '../contract/envelopes.ts';
import type { Configuration } from '../contract/configuration.ts';
import type { AskAnswer } from '../contract/journal.ts';
import { sandboxLimits } from '../contract/limits.ts';
import { pluginExports, type Manifest } from '../contract/manifest.ts';
import type { NewAsk } from '../contract/run.ts';
import { ingestInput } from '../package/fixture.ts';
import { issueText } from '../package/issue-text.ts';
import { closePluginRuns } from '../testing/plugin-sandbox.ts';
import { runPlugin, type PluginOutcome } from '../testing/run-plugin.ts';
import { askLine, showAsk, type ShownAsk } from '../testing/shown-ask.ts';
import { failure, usageError, type CommandResult } from './command-result.ts';
import { loadPlugin } from './load-plugin.ts';
import { logLine, outcomeLines } from './outcome-lines.ts';
import type { Progress } from './progress.ts';
import { settingsFor } from './settings-for.ts';

export interface RunOptions {
  header: string[];
  query: string[];
  contentType?: string;
  method?: string;
  config?: string;
}

type Outcome = PluginOutcome<'ingest'> | PluginOutcome<'deliver'>;

/**
 * One export of one plugin in the real sandbox, without a server. For `ingest` the input file is the raw body; for
 * `deliver` it is a change, or a whole input envelope, as JSON. Requests of the plugin are not sent: they are answered
 * with an error, and shown.
 */
export async function runCommand(
  path: string,
  exportName: string,
  inputFile: string,
  options: RunOptions,
  progress: Progress,
): Promise<CommandResult> {
  if (exportName !== 'ingest' && exportName !== 'deliver')
    return usageError(
      (pluginExports as readonly string[]).includes(exportName)
        ? `"${exportName}" cannot be run from here yet; ingest and deliver can.`
        : `A plugin has no export "${exportName}". Use ingest or deliver.`,
    );
  let body: Buffer;
  try {
    body = inputFile === '-' ? await buffer(process.stdin) : await readFile(inputFile);
  } catch {
    return usageError(`The input file "${inputFile}" cannot be read.`);
  }
  if (body.length > sandboxLimits.inputBytes)
    return failure('BODY_TOO_LARGE', `The input has ${body.length} bytes; ${sandboxLimits.inputBytes} are allowed.`);
  const loaded = await loadPlugin(path, progress);
  if (!loaded.ok) return loaded.result;
  const { manifest, wasm, sourceMap } = loaded;
  if (!manifest.provides.includes(exportName))
    return usageError(`${manifest.id} provides ${manifest.provides.join(', ')}, and not "${exportName}".`);
  const settings = await settingsFor(manifest, options.config);
  if (!settings.ok) return settings.result;

  const source = { wasm, manifest, ...(sourceMap === undefined ? {} : { sourceMap }) };
  try {
    if (exportName === 'ingest') {
      const input = ingestRequestOf(body, options, settings.configuration);
      if (typeof input === 'string') return usageError(input);
      return report(manifest, await runPlugin({ ...source, export: 'ingest', input }), []);
    }
    const input = deliverInputOf(body, settings.configuration);
    if (typeof input === 'string') return usageError(input);
    const asks: ShownAsk[] = [];
    const world = {
      http: () => ({ error: { code: 'EGRESS_FAILED', message: 'patchbay run sends no requests' } }),
      seen: (ask: NewAsk, answer: AskAnswer) => void asks.push(showAsk(ask, answer)),
    };
    return report(manifest, await runPlugin({ ...source, export: 'deliver', input, world }), asks);
  } finally {
    await closePluginRuns();
  }
}

function ingestRequestOf(body: Buffer, options: RunOptions, configuration: Configuration) {
  const method = (options.method ?? 'POST').toUpperCase();
  if (method !== 'POST' && method !== 'PUT' && method !== 'GET')
    return `The method is POST, PUT or GET, not "${method}".`;
  const headers = pairs(options.header, ':');
  if (typeof headers === 'string') return `A header is written "Name: value", not "${headers}".`;
  const query = pairs(options.query, '=');
  if (typeof query === 'string') return `A query parameter is written "name=value", not "${query}".`;
  const { contentType } = options;
  return ingestInput({ method, headers, query, contentType, body }, configuration, new Date().toISOString());
}

function deliverInputOf(body: Buffer, configuration: Configuration): DeliverInput | string {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (error) {
    return `The input is not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  const whole = deliverInputSchema.safeParse(value);
  if (whole.success) return whole.data;
  const change = changeSchema.safeParse(value);
  if (!change.success) return `The input is not a change of an incident: ${issueText(change.error)}`;
  const delivery = { id: 'dlv_00000000000000000000000000', attempt: 1 };
  return { abi: ABI_VERSION, change: change.data, delivery, configuration };
}

/** The pairs, or the first text that is none. */
function pairs(texts: readonly string[], separator: string): [string, string][] | string {
  const found: [string, string][] = [];
  for (const text of texts) {
    const at = text.indexOf(separator);
    if (at < 1) return text;
    found.push([text.slice(0, at).trim(), text.slice(at + 1).trim()]);
  }
  return found;
}

function report(manifest: Manifest, outcome: Outcome, asks: ShownAsk[]): CommandResult {
  const { journal: _journal, ...shown } = outcome;
  const plugin = { id: manifest.id, version: manifest.version };
  const good = ['events', 'ignored', 'delivered', 'skipped'].includes(outcome.outcome);
  return {
    exitCode: good ? 0 : 1,
    report: { plugin, ...shown, ...(asks.length === 0 ? {} : { journal: asks }) },
    lines: [
      ...outcomeLines(outcome),
      ...asks.map((ask) => `  ${askLine(ask)}`),
      ...outcome.logs.map((line) => `  ${logLine(line)}`),
    ],
  };
}
