import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { startJira, type JiraOptions, type JiraStandIn } from '../fakes/jira/jira-server.ts';
import type { KeptSite } from '../fakes/jira/jira-site.ts';

/** The tickets of earlier runs and the port that their links name, in the demo's data folder. */
const FILE = 'demo-jira.json';
const keptSchema = z.object({ port: z.int(), site: z.custom<KeptSite>((value) => typeof value === 'object') });

/**
 * The stand-in of Jira over the tickets of the last run, on the same port where that is free: links of incidents that
 * are already there lead somewhere, and what becomes of these incidents finds its ticket.
 */
export async function startKeptJira(folder: string, account: JiraOptions): Promise<JiraStandIn> {
  const path = join(folder, FILE);
  const kept = await read(path);
  const start = (port: number) => startJira({ ...account, port, ...(kept === undefined ? {} : { kept: kept.site }) });
  const jira = await start(kept?.port ?? 0).catch(() => start(0));
  let written = Promise.resolve();
  jira.onChange(() => {
    written = written.then(() => write(path, { port: Number(new URL(jira.url).port), site: jira.site.keep() }));
  });
  return jira;
}

async function read(path: string): Promise<z.infer<typeof keptSchema> | undefined> {
  try {
    return keptSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    // The first run, or a file that was cut: the demo starts with no tickets.
    return undefined;
  }
}

async function write(path: string, kept: z.infer<typeof keptSchema>): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(kept));
  await rename(`${path}.new`, path);
}
