import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { bareFastifyRole } from './bare-fastify.ts';
import { measureDelivery } from './delivery-time.ts';
import { inProcessHostRole, type InProcessOptions } from './in-process-host.ts';
import { load, loadRole, type LoadOptions, type LoadResult, type Target } from './load.ts';
import { measurePluginCalls, pluginCallsRole, type PluginCallsOptions } from './plugin-calls.ts';
import { measurePluginSamples, pluginSamplesRole, type PluginSamplesOptions } from './plugin-samples.ts';
import { preparePglite, preparePostgres, startCopy, type PreparedData } from './prepared-data.ts';
import { printTable, type Measurements } from './print-table.ts';
import { measurePublishing } from './publishing.ts';
import { startRole } from './role-process.ts';

/**
 * `npm run bench [-- --short] [--only load,calls,samples,delivery,publishing]`: what the path of an alert costs, and
 * what authors and operators wait for, on this machine, with nothing but loopback. The rows of a round are measured one after the other, and the rounds follow each other, so that a machine that is slower for
 * a while slows all rows. Every server starts afresh for every run, on a copy of the same data.
 */
const PLUGINS = fileURLToPath(new URL('../../plugins/', import.meta.url));
const PLUGIN = `${PLUGINS}prometheus/`;
const PARTS = ['load', 'calls', 'samples', 'delivery', 'publishing'] as const;
const FULL = { rounds: 5, warmRequests: 15_000, seconds: 5, calls: 1000, alerts: 200 };
const SHORT = { rounds: 1, warmRequests: 8000, seconds: 2, calls: 300, alerts: 40 };

async function main(parameters: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...parameters],
    options: { short: { type: 'boolean' }, only: { type: 'string' } },
  });
  const only = new Set(z.array(z.enum(PARTS)).parse(values.only?.split(',') ?? PARTS));
  const plan = values.short === true ? SHORT : FULL;
  const found: Measurements = { load: new Map(), calls: [], samples: [], delivery: [], publishing: [] };
  const prepared: PreparedData[] = [];
  try {
    say('Preparing data: a first start on PGlite, and one on Postgres where it is measured …');
    const pglite = await preparePglite();
    prepared.push(pglite);
    const servers: Record<string, () => Promise<Server>> = {};
    if (only.has('load')) {
      const postgres = await preparePostgres();
      prepared.push(postgres);
      Object.assign(servers, {
        fastify: bareServer,
        inProcess: () => inProcessServer(pglite),
        pglite: () => shippedServer(pglite),
        postgres: () => shippedServer(postgres),
      });
    }
    for (let round = 1; round <= plan.rounds; round++) {
      for (const [row, start] of Object.entries(servers)) {
        const result = await measureLoad(start, plan);
        found.load.set(row, [...(found.load.get(row) ?? []), result]);
        say(`round ${round} of ${plan.rounds}, ${row}: ${Math.round(result.requestsPerSecond)} requests a second`);
      }
      if (only.has('calls')) found.calls.push(await measurePluginCalls({ pluginFolder: PLUGIN, calls: plan.calls }));
      if (only.has('samples'))
        found.samples.push(await measurePluginSamples({ pluginsFolder: PLUGINS, calls: plan.calls }));
      if (only.has('delivery')) found.delivery.push(await measureDelivery(pglite, plan.alerts));
      if (only.has('publishing')) found.publishing.push(await measurePublishing(pglite));
    }
  } finally {
    for (const data of prepared.reverse()) await data.remove();
  }
  const [cpu] = cpus();
  say(
    `\n${cpu?.model ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ` +
      `Node ${process.versions.node}, ${process.platform} ${process.arch}`,
  );
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
  case '--role=plugin-samples':
    await pluginSamplesRole(options as PluginSamplesOptions);
    break;
  default:
    await main(process.argv.slice(2));
}
