import type { DeliveryTime } from './delivery-time.ts';
import type { SampleTime } from './largest-samples.ts';
import type { LoadResult } from './load.ts';
import type { PluginCalls } from './plugin-calls.ts';
import { quantile, spreadOf } from './spread.ts';

/** All rounds of everything, in the order in which they were measured. */
export interface Measurements {
  load: Map<string, LoadResult[]>;
  calls: PluginCalls[];
  delivery: DeliveryTime[];
}

const ROWS: Record<string, string> = {
  fastify: '(a) bare Fastify: parse, answer',
  inProcess: '(b) ingest path, plugin in process, PGlite',
  pglite: '(c) Patchbay as shipped, PGlite',
  postgres: '(d) Patchbay as shipped, Postgres',
};

/** Prints the tables in Markdown: medians with the smallest and the largest round. */
export function printTable({ load, calls, delivery }: Measurements): void {
  const loads = Object.entries(ROWS).map(([row, title]) => {
    const results = load.get(row) ?? [];
    return [
      title,
      shown(results.map((result) => result.requestsPerSecond)),
      shown(results.map((result) => result.p99Ms)),
      shown(results.map((result) => result.cpuMicros)),
      String(results.reduce((sum, result) => sum + result.late, 0)),
      String(results.reduce((sum, result) => sum + result.failed, 0)),
    ];
  });
  print(['50 connections, one alert a request', 'requests/s', 'p99 ms', 'CPU µs/request', 'late', 'failed'], loads);
  const ratios = (load.get('pglite') ?? []).map(
    (shipped, round) => shipped.requestsPerSecond / (load.get('inProcess')?.[round]?.requestsPerSecond ?? Number.NaN),
  );
  const costs = (load.get('inProcess') ?? []).map(
    (inProcess, round) => inProcess.cpuMicros / (load.get('pglite')?.[round]?.cpuMicros ?? Number.NaN),
  );
  const { kept, extism, neighbours } = {
    kept: calls.map((call) => call.kept),
    extism: calls.map((call) => call.extism),
    neighbours: calls.map((call) => call.neighbours),
  };
  print(
    ['', 'median (min to max)'],
    [
      ['requests/s of (c) / (b), round by round', shown(ratios, 2)],
      ['CPU a request of (b) / (c), round by round', shown(costs, 2)],
      ['warm plugin call, p50, ms', of(calls, ({ warmP50 }) => warmP50, 2)],
      ['warm plugin call, p99, ms', of(calls, ({ warmP99 }) => warmP99, 2)],
      ['the same code in process, p50, ms', of(calls, ({ inProcessP50 }) => inProcessP50, 3)],
      ['plugin calls a second, 50 at once, one process', of(calls, ({ perSecondOne }) => perSecondOne)],
      ['plugin calls a second, 50 at once, two processes', of(calls, ({ perSecond }) => perSecond)],
      ['first call of all: process, engine and plugin, ms', of(calls, ({ cold }) => cold)],
      ['first call of a plugin never seen before, p50, ms', of(calls, ({ neverSeenP50 }) => neverSeenP50, 1)],
      ['call of a plugin that its process had let go, p50, ms', of(calls, ({ cachedP50 }) => cachedP50, 1)],
      ['end of an endless loop / its deadline', of(neighbours, ({ loopEndsAfter }) => loopEndsAfter, 2)],
      [
        'p99 of others beside an endless loop / alone',
        of(neighbours, ({ besideLoopP99, aloneP99 }) => besideLoopP99 / aloneP99, 2),
      ],
      [
        'p99 of others beside six that use all they may / alone',
        of(neighbours, ({ besideGreedyP99, aloneP99 }) => besideGreedyP99 / aloneP99, 2),
      ],
      [
        'CPU of a call with 50 answers of 10 KB, kept / one run',
        of(kept, ({ keptMs, oneRunMs }) => keptMs / oneRunMs, 1),
      ],
      ['the same replayed / one run', of(kept, ({ replayedMs, oneRunMs }) => replayedMs / oneRunMs, 1)],
      ['memory with 1,000 plugins, MiB', of(calls, ({ thousandMebibytes }) => thousandMebibytes)],
      [
        'calls a second / those of the Extism SDK with runInWorker',
        of(extism, ({ oursPerSecond, theirsPerSecond }) => oursPerSecond / theirsPerSecond, 1),
      ],
      ['p50 of its lone call / of ours', of(extism, ({ theirsP50, oursP50 }) => theirsP50 / oursP50, 1)],
      ['from 202 to the webhook sink, p50, ms', of(delivery, ({ p50 }) => p50, 1)],
      ['from 202 to the webhook sink, p99, ms', of(delivery, ({ p99 }) => p99, 1)],
    ],
  );
}

/** Prints what plugins take for their largest samples, the slowest first. */
export function printSamples(samples: readonly SampleTime[]): void {
  const rows = [...samples]
    .sort((a, b) => b.p50 - a.p50)
    .map(({ plugin, sample, bytes, p50, p99, cpu }) => [
      plugin,
      sample,
      bytes.toLocaleString('en'),
      p50.toFixed(2),
      p99.toFixed(2),
      cpu.toFixed(2),
    ]);
  print(['plugin', 'sample', 'bytes', 'p50 ms', 'p99 ms', 'CPU ms'], rows);
}

function of<T>(rounds: readonly T[], value: (round: T) => number, digits = 0): string {
  return shown(rounds.map(value), digits);
}

function shown(values: readonly number[], digits = 0): string {
  const { median, min, max } = spreadOf(values);
  const text = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: digits });
  return `${text(median)} (${text(min)} to ${text(max)})`;
}

function print(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((_, column) =>
    quantile(
      [head, ...rows].map((row) => row[column]?.length ?? 0),
      1,
    ),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |\n`;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  process.stdout.write(`${line(head)}${rule}${rows.map(line).join('')}\n`);
}
