import { execFile, spawnSync } from 'node:child_process';
import { chmod, chown, readFile, readdir, readlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { integrationSchema } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { incidentSchema } from '@patchbay/plugin-sdk/contract/rest/incidents';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { alertmanagerBody, postAlert } from '../support/alertmanager-alert.ts';
import { startedHostData } from '../support/databases.ts';
import { startHost, type HostProcess } from '../support/host-process.ts';
import { read } from '../support/registry-road.ts';
import { sandboxChildren } from '../support/sandbox-children.ts';
import { until } from '../support/until.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const AS_NOBODY = fileURLToPath(new URL('./as-nobody.mjs', import.meta.url));
const NOBODY = 65_534;
const asNobody = { uid: NOBODY, gid: NOBODY, cwd: ROOT, env: { HOME: '/tmp', PATH: process.env.PATH } };
/** Only root can be somebody else, who must be able to read what is to be run. */
const canBeNobody =
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  spawnSync(process.execPath, ['--check', AS_NOBODY], asNobody).status === 0;

/** The column "Linux, other user" of docs/reference/sandbox-processes.md. */
describe.runIf(canBeNobody)('a host that does not run as root', () => {
  const newHostData = startedHostData();
  let host: HostProcess;
  let children: number[];
  const of = (pid: number, file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, 'utf8');

  beforeAll(async () => {
    const data = await newHostData();
    await chmod(dirname(data.dataFolder), 0o755);
    await giveAway(data.dataFolder);
    host = await startHost({ ...data, script: AS_NOBODY });
    const made = await host.request('/api/integrations', { body: { type: 'prometheus', name: 'Alerts' } });
    const { id, key } = await read(made, integrationSchema);
    const door = `${host.url}/api/integrations/prometheus?integrationId=${id}`;
    await postAlert(door, key ?? '', alertmanagerBody({ fingerprint: 'f1', summary: 'The shop is shut' }));
    children = await until('the sandbox, past the tools that start it', async () => {
      const started = await sandboxChildren(host.pid);
      const commands = await Promise.all(started.map((pid) => of(pid, 'cmdline').catch(() => '')));
      return started.length > 0 && commands.every((command) => command.startsWith(process.execPath))
        ? started
        : undefined;
    });
  });
  afterAll(async () => void (await host?.stop()));

  const eachChild = async <T>(look: (pid: number) => Promise<T>): Promise<T[]> => {
    expect(children.length).toBeGreaterThan(0);
    return Promise.all(children.map(look));
  };
  const status = async (pid: number, field: string): Promise<string | undefined> =>
    new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(await of(pid, 'status'))?.[1];

  it('runs plugins', async () => {
    expect(await status(host.pid, 'Uid')).toMatch(new RegExp(`^${NOBODY}\\s`));
    const incidents = z.object({ items: z.array(incidentSchema) });
    const opened = async () => (await read(await host.request('/api/incidents'), incidents)).items[0];
    expect((await until('the incident', opened)).summary).toBe('The shop is shut');
  });

  it('gives its sandbox no privileges, and no environment', async () => {
    const seen = await eachChild(async (pid) => ({
      noNewPrivileges: await status(pid, 'NoNewPrivs'),
      capabilities: Number.parseInt((await status(pid, 'CapEff')) ?? '1', 16),
      environment: await of(pid, 'environ'),
    }));
    for (const child of seen) expect(child).toEqual({ noNewPrivileges: '1', capabilities: 0, environment: '' });
  });

  it('lets it leave no core dump and no file with contents', async () => {
    for (const limits of await eachChild((pid) => of(pid, 'limits'))) {
      expect(limits).toMatch(/^Max file size\s+0\s+0\s/m);
      expect(limits).toMatch(/^Max core file size\s+0\s+0\s/m);
    }
  });

  it('takes the network from it where user namespaces are allowed', async () => {
    const unshare = ['--user', '--map-current-user', '--net', 'true'];
    const allowed = spawnSync('/usr/bin/unshare', unshare, asNobody).status === 0;
    const ours = await readlink(`/proc/${host.pid}/ns/net`);
    for (const [namespace, devices] of await eachChild(async (pid) => [
      await readlink(`/proc/${pid}/ns/net`),
      [...(await of(pid, 'net/dev')).matchAll(/^\s*(\w+):/gm)].map((match) => match[1]),
    ])) {
      expect(namespace !== ours).toBe(allowed);
      if (allowed) expect(devices).toEqual(['lo']);
    }
  });

  // The documentation says so: who shares the user can signal the host, and reach what is open to that user.
  it('cannot make it another user', async () => {
    for (const uid of await eachChild((pid) => status(pid, 'Uid'))) expect(uid).toBe(await status(host.pid, 'Uid'));
  });

  it('holds what gets out of WebAssembly as one that runs as root does', async () => {
    // Built by who may write there, run by who may not.
    const build = ['host/start/run-typescript.mjs', 'test/hostile/main.ts', '--help'];
    expect(spawnSync(process.execPath, build, { cwd: ROOT }).status).toBe(0);
    const out = await new Promise<string>((resolve) => {
      const attack = ['test/hostile/dist/main.mjs', '--json', 'process/'];
      execFile(process.execPath, attack, asNobody, (_error, stdout) => resolve(stdout));
    });
    const { failed, held, results } = z
      .object({ held: z.int(), failed: z.int(), results: z.array(z.looseObject({ verdict: z.string() })) })
      .parse(JSON.parse(out));
    expect(results.filter(({ verdict }) => verdict !== 'held')).toEqual([]);
    expect({ failed, some: held > 20 }).toEqual({ failed: 0, some: true });
  });

  it('takes its sandbox with it when it is killed', async () => {
    await host.kill();
    const left = async () => {
      const alive = await Promise.all(children.map((pid) => status(pid, 'State').catch(() => undefined)));
      return alive.every((state) => state === undefined || state.startsWith('Z')) ? true : undefined;
    };
    expect(await until('the end of the sandbox', left)).toBe(true);
  });
});

async function giveAway(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true });
  for (const path of [folder, ...entries.map((entry) => join(folder, entry))]) await chown(path, NOBODY, NOBODY);
}
