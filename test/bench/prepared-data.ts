import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Integration } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { startHost, type HostProcess } from '../support/host-process.ts';
import { startPostgresCluster, type PostgresCluster } from '../support/postgres-cluster.ts';

/** A data folder of a host after its first start with one integration, of which every round gets a copy. */
export interface PreparedData {
  readonly token: string;
  readonly key: string;
  /** Path and query of the integration at the door. */
  readonly path: string;
  /** Servers beside the host that its data lies in. */
  readonly pids: readonly number[];
  /** Makes a copy; `databaseUrl` is undefined with PGlite. */
  copy(): Promise<DataCopy>;
  remove(): Promise<void>;
}

export interface DataCopy {
  readonly dataFolder: string;
  readonly databaseUrl: string | undefined;
  remove(): Promise<void>;
}

const TEMPLATE = 'bench_template';

export async function preparePglite(): Promise<PreparedData> {
  const folder = await newFolder();
  const about = await firstStart(folder, undefined);
  return {
    ...about,
    pids: [],
    async copy() {
      const dataFolder = await copyOf(folder);
      return { dataFolder, databaseUrl: undefined, remove: () => removeFolder(dataFolder) };
    },
    remove: () => removeFolder(folder),
  };
}

/** A server of its own, which waits for the disk on commit as a real one does. */
export async function preparePostgres(): Promise<PreparedData> {
  const cluster = await startPostgresCluster({ durable: true });
  const folder = await newFolder();
  const remove = async (): Promise<void> => {
    await removeFolder(folder);
    await cluster.stop();
  };
  try {
    await execute(cluster, `create database ${TEMPLATE}`);
    const about = await firstStart(folder, cluster.urlOf(TEMPLATE));
    return {
      ...about,
      pids: [cluster.pid],
      async copy() {
        const name = `bench_${randomBytes(6).toString('hex')}`;
        await execute(cluster, `create database ${name} template ${TEMPLATE}`);
        const dataFolder = await copyOf(folder);
        return {
          dataFolder,
          databaseUrl: cluster.urlOf(name),
          async remove() {
            await removeFolder(dataFolder);
            await execute(cluster, `drop database if exists ${name} with (force)`);
          },
        };
      },
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The shipped host on a copy, with its limits of rate off. */
export function startCopy(data: PreparedData, copy: DataCopy, environment: object = {}): Promise<HostProcess> {
  return startHost({
    dataFolder: copy.dataFolder,
    token: data.token,
    environment: { ...environmentFor(copy.databaseUrl), ...environment },
  });
}

async function firstStart(dataFolder: string, databaseUrl: string | undefined) {
  const host = await startHost({ dataFolder, environment: environmentFor(databaseUrl) });
  try {
    const created = await host.request('/api/integrations', { body: { type: 'prometheus', name: 'Benchmark' } });
    if (!created.ok) throw new Error(`The integration was not created: ${await created.text()}`);
    const { key, url } = (await created.json()) as Integration;
    if (key === null) throw new Error('The integration was created without a key');
    const { pathname, search } = new URL(url);
    return { token: host.token, key, path: pathname + search };
  } finally {
    await host.stop();
  }
}

function environmentFor(databaseUrl: string | undefined): Record<string, string> {
  return {
    LOG_LEVEL: 'warn',
    INTEGRATION_RATE_LIMIT: 'false',
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
  };
}

async function execute(cluster: PostgresCluster, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: cluster.urlOf('postgres') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'patchbay-bench-'));
const removeFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });

async function copyOf(folder: string): Promise<string> {
  const copy = await newFolder();
  await cp(folder, copy, { recursive: true });
  return copy;
}
