import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bareFastifyRole } from './bare-fastify.ts';
import { measureDelivery } from './delivery-time.ts';
import { inProcessHostRole, type InProcessOptions } from './in-process-host.ts';
import { largestSamplesRole, measureLargestSamples, type LargestSamplesOptions } from './largest-samples.ts';
import { load, loadRole, type LoadOptions, type LoadResult, type Target } from './load.ts';
import { measurePluginCalls, pluginCallsRole, type PluginCallsOptions } from './plugin-calls.ts';
import { preparePglite, preparePostgres, startCopy, type PreparedData } from './prepared-data.ts';
import { printSamples, printTable, type Measurements } from './print-table.ts';
import { startRole } from './role-process.ts';

/**
 * `npm run bench [-- --short] [--only path|samples]`: what the path of an alert costs, on this machine, with nothing but
 * loopback, and what every plugin takes for its largest sample. The rows
 * of a round are measured one after the other, and the rounds follow each other, so that a machine that is slower for
 * a while slows all rows. Every server starts afresh for every run, on a copy of the same data.
 */
const PLUGINS = fileURLToPath(new URL('../../plugins/', import.meta.url));
const PLUGIN = fileURLToPath(new URL('../../plugins/prometheus/', import.meta.url));
const FULL = { rounds: 5, warmRequests: 15_000, seconds: 5, calls: 1000, alerts: 200 };
const SHORT = { rounds: 1, warmRequests: 8000, seconds: 2, calls: 300, alerts: 40 };

async function main(parameters: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...parameters],
    options: { short: { type: 'boolean', default: false }, only: { type: 'string' } },
  });
  const plan = values.short ? SHORT : FULL;
  if (values.only !== undefined && values.only !== 'path' && values.only !== 'samples')
    throw new Error(`There is no part "${values.only}"; there are path and samples`);
  if (values.only !== 'samples') await measurePath(plan);
  if (values.only === 'path') return;
  say('Measuring the largest sample of every plugin …');
  const samples = await measureLargestSamples({ pluginsFolder: PLUGINS, calls: plan.calls });
  sayMachine();
  printSamples(samples);
}

type Plan = typeof FULL;

async function measurePath(plan: Plan): Promise<void> {
  const found: Measurements = { load: new Map(), calls: [], delivery: [] };
  const prepared: PreparedData[] = [];
  try {
    say('Preparing data: a first start on PGlite, and one on Postgres …');
    const pglite = await preparePglite();
    prepared.push(pglite);
    const postgres = await preparePostgres();
    prepared.push(postgres);
    const servers = {
      fastify: bareServer,
      inProcess: () => inProcessServer(pglite),
      pglite: () => shippedServer(pglite),
      postgres: () => shippedServer(postgres),
    };
    for (let round = 1; round <= plan.rounds; round++) {
      for (const [row, start] of Object.entries(servers)) {
        const result = await measureLoad(start, plan);
        found.load.set(row, [...(found.load.get(row) ?? []), result]);
        say(`round ${round} of ${plan.rounds}, ${row}: ${Math.round(result.requestsPerSecond)} requests a second`);
      }
      found.calls.push(await measurePluginCalls({ pluginFolder: PLUGIN, calls: plan.calls }));
      found.delivery.push(await measureDelivery(pglite, plan.alerts));
    }
  } finally {
    for (const data of prepared.reverse()) await data.remove();
  }
  sayMachine();
  say(`${plan.rounds} rounds of ${plan.seconds} s each after ${plan.warmRequests} requests to warm up\n`);
  printTable(found);
}

interface Server extends Target {
  /** The processes whose CPU time it costs, with all their children. */
  pids: readonly number[];
  stop(): Promise<unknown>;
}

async function measureLoad(
  start: () => Promise<Server>,
  { warmRequests, seconds }: { warmRequests: number; seconds: number },
): Promise<LoadResult> {
  const server = await start();
  try {
    const { url, key, pids } = server;
    return await load({ url, key, warmRequests, seconds }, pids);
  } finally {
    await server.stop();
  }
}

async function bareServer(): Promise<Server> {
  const role = startRole('bare-fastify', {});
  return { ...((await role.next()) as Target), pids: [role.pid], stop: () => role.stop() };
}

async function inProcessServer(data: PreparedData): Promise<Server> {
  const copy = await data.copy();
  const { path, key } = data;
  const role = startRole('in-process-host', { dataFolder: copy.dataFolder, pluginFolder: PLUGIN, path, key });
  const stop = async (): Promise<void> => {
    await role.stop();
    await copy.remove();
  };
  return { ...((await role.next()) as Target), pids: [role.pid], stop };
}

async function shippedServer(data: PreparedData): Promise<Server> {
  const copy = await data.copy();
  const host = await startCopy(data, copy);
  const stop = async (): Promise<void> => {
    await host.stop();
    await copy.remove();
  };
  return { url: host.url + data.path, key: data.key, pids: [host.pid, ...data.pids], stop };
}

function sayMachine(): void {
  const [cpu] = cpus();
  say(
    `\n${cpu?.model ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ` +
      `Node ${process.versions.node}, ${process.platform} ${process.arch}`,
  );
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const [first = '', second = '{}'] = process.argv.slice(2);
const options: unknown = first.startsWith('--role=') ? JSON.parse(second) : undefined;
switch (first) {
  case '--role=bare-fastify':
    await bareFastifyRole();
    break;
  case '--role=in-process-host':
    await inProcessHostRole(options as InProcessOptions);
    break;
  case '--role=load':
    await loadRole(options as LoadOptions);
    break;
  case '--role=plugin-calls':
    await pluginCallsRole(options as PluginCallsOptions);
    break;
  case '--role=largest-samples':
    await largestSamplesRole(options as LargestSamplesOptions);
    break;
  default:
    await main(process.argv.slice(2));
}
