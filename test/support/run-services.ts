import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import type { TestProject } from 'vitest/node';
import { makeHostTemplate, type HostTemplate } from './host-template.ts';
import { ensurePgliteTemplate } from './pglite-template.ts';
import { startPostgresCluster, type PostgresCluster } from './postgres-cluster.ts';
import { makePgliteSchema, makePostgresSchema } from './schema-templates.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the test files of this run ask for what they share. */
    runServicesUrl: string;
  }
}

/**
 * What the files of one test run share, started when the first file asks for it: test files run in processes of their
 * own, so the one that outlives them all has to own it.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let cluster: Promise<PostgresCluster> | undefined;
  let template: Promise<string> | undefined;
  let hostTemplate: Promise<HostTemplate> | undefined;
  let pgliteSchema: Promise<string> | undefined;
  let postgresSchema: Promise<string> | undefined;
  const postgresUrl = async (): Promise<string> => {
    cluster ??= startPostgresCluster();
    return (await cluster).urlOf('postgres');
  };

  const server = createServer((request, response) => {
    // A kept connection can be closed by this end just as the other one sends its next question.
    response.setHeader('connection', 'close');
    const answer = async (): Promise<string> => {
      if (request.url === '/postgres') return postgresUrl();
      if (request.url === '/postgres-schema') {
        postgresSchema ??= postgresUrl().then(makePostgresSchema);
        return postgresSchema;
      }
      if (request.url === '/pglite-schema') {
        pgliteSchema ??= makePgliteSchema();
        return pgliteSchema;
      }
      if (request.url === '/pglite-template') {
        template ??= ensurePgliteTemplate();
        return template;
      }
      if (request.url === '/host-template') {
        hostTemplate ??= makeHostTemplate();
        return JSON.stringify(await hostTemplate);
      }
      throw new Error(`no service at ${request.url ?? ''}`);
    };
    answer().then(
      (text) => response.end(text),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  project.provide('runServicesUrl', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);

  return async () => {
    server.closeAllConnections();
    server.close();
    await cluster?.then(
      (started) => started.stop(),
      () => undefined,
    );
    await hostTemplate?.then(
      ({ folder }) => rm(folder, { recursive: true, force: true }),
      () => undefined,
    );
    await pgliteSchema?.then(
      (folder) => rm(dirname(folder), { recursive: true, force: true }),
      () => undefined,
    );
  };
}
