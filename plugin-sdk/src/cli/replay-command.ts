import { createReadStream } from 'node:fs';
import { exportedCallSchema, EXPORTED_CALL_VERSION, type ExportedCall } from '../contract/exported-call.ts';
import { sandboxLimits } from '../contract/limits.ts';
import { issueText } from '../package/issue-text.ts';
import { jsonOrText } from '../package/json-or-text.ts';
import { partialDifferences } from '../package/partial-differences.ts';
import { closePluginRuns } from '../testing/plugin-sandbox.ts';
import { replayCall, type DifferingAsk, type ReplayEnd } from '../testing/replay-call.ts';
import { askLine } from '../testing/shown-ask.ts';
import { failure, usageError, type CommandResult } from './command-result.ts';
import { loadPlugin } from './load-plugin.ts';
import { logLine, outcomeLines } from './outcome-lines.ts';
import type { Progress } from './progress.ts';

/** Input and journal, with room for what JSON escapes and for indentation. */
const FILE_BYTES = 4 * (sandboxLimits.inputBytes + sandboxLimits.journalBytes);

/**
 * Runs a call that was exported from a host again, in the real sandbox, with the answers of its journal. Nothing is
 * sent. Errors and stacks point into the author's files.
 *
 * @param file `-` reads standard input
 */
export async function replayCommand(
  file: string,
  { plugin: path }: { plugin: string },
  progress: Progress,
): Promise<CommandResult> {
  const read = await readCall(file);
  if (!read.ok) return read.result;
  const { call } = read;
  const loaded = await loadPlugin(path, progress);
  if (!loaded.ok) return loaded.result;
  const { manifest, wasm, sourceMap } = loaded;
  if (manifest.id !== call.plugin.id)
    return usageError(`The call is of ${call.plugin.id}, and "${path}" is ${manifest.id}. Name it with --plugin.`);
  if (!manifest.provides.includes(call.export)) return usageError(`${manifest.id} does not provide ${call.export}.`);
  try {
    const source = { wasm, manifest, ...(sourceMap === undefined ? {} : { sourceMap }) };
    return report(call, manifest.version, await replayCall(source, call));
  } finally {
    await closePluginRuns();
  }
}

async function readCall(
  file: string,
): Promise<{ ok: true; call: ExportedCall } | { ok: false; result: CommandResult }> {
  let text: string | undefined;
  try {
    text = await boundedText(file === '-' ? process.stdin : createReadStream(file));
  } catch {
    return { ok: false, result: usageError(`The file "${file}" cannot be read.`) };
  }
  const refused = (message: string) => ({ ok: false as const, result: failure('BODY_INVALID', message) });
  if (text === undefined) return refused(`"${file}" has more than ${FILE_BYTES} bytes: it is no exported call.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused(`"${file}" is not JSON.`);
  }
  const { format, version } = Object(value) as { format?: unknown; version?: unknown };
  if (format === 'patchbay-call' && version !== EXPORTED_CALL_VERSION)
    return refused(`The call was exported in format ${String(version)}; this SDK reads ${EXPORTED_CALL_VERSION}.`);
  const parsed = exportedCallSchema.safeParse(value);
  return parsed.success
    ? { ok: true, call: parsed.data }
    : refused(`"${file}" is no exported call: ${issueText(parsed.error)}`);
}

async function boundedText(stream: AsyncIterable<Buffer | string>): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > FILE_BYTES) return undefined;
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function report(call: ExportedCall, version: string, end: ReplayEnd): CommandResult {
  const { asks, logs, usage, sameModule, differs, ...outcome } = end;
  const plugin = { id: call.plugin.id, version, sameModule };
  const { delivery, redacted, replays } = call;
  const differences = differs === undefined ? [] : differenceLines(differs);
  const doubt = replays === 'maybe' && (end.outcome === 'open' || differs !== undefined);
  return {
    exitCode: end.outcome === 'open' ? 3 : end.outcome === 'delivered' || end.outcome === 'skipped' ? 0 : 1,
    report: {
      plugin,
      delivery,
      ...outcome,
      ...(differs && { differs }),
      journal: asks,
      logs,
      usage,
      redacted,
      replays,
    },
    lines: [
      `${delivery.id}: ${delivery.state} on the host${delivery.code === null ? '' : `, ${delivery.code}: ${delivery.message}`}`,
      ...(sameModule
        ? []
        : [`This is ${version} as it is here; what ran was another module, of ${call.plugin.version}`]),
      ...(redacted.length === 0 ? [] : [`Redacted: ${redacted.join(', ')}`]),
      ...(end.outcome === 'open'
        ? ['open: the journal ends here, and the plugin waits for', ...end.waitsFor.map((ask) => `  ${askLine(ask)}`)]
        : outcomeLines(end)),
      ...differences,
      ...(doubt ? ['Something was taken out of the input or of an answer: that may be why'] : []),
      ...asks.map((ask) => `  ${askLine(ask)}`),
      ...logs.map((line) => `  ${logLine(line)}`),
    ],
  };
}

const SHOWN_CHARS = 2000;

/** What was asked then and now, and by which of their parts the two differ. */
function differenceLines({ number, before, now }: DifferingAsk): string[] {
  const cut = (text: string): string => (text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS - 1)}…` : text);
  const both = before !== undefined && now !== undefined;
  return [
    `Ask ${number} differs:`,
    `  then: ${cut(before ?? 'nothing was asked')}`,
    `  now:  ${cut(now ?? 'nothing is asked')}`,
    ...(both ? partialDifferences(jsonOrText(before), jsonOrText(now), 'ask').map((one) => `  ${cut(one)}`) : []),
  ];
}
