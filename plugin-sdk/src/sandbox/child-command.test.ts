import { execFile, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { childCommand, childHardening } from './child-command.ts';

// What code that has escaped from WebAssembly into the child's JavaScript would try.
const PROBE = `
import { createRequire } from 'node:module';
const tries = {
  readFile: async () => (await import('node:fs')).readFileSync('/etc/passwd'),
  readFolder: async () => (await import('node:fs')).readdirSync('/'),
  readNeighbour: async () => (await import('node:fs')).readFileSync(process.argv[1] + '.neighbour'),
  readThroughLink: async () => (await import('node:fs')).readFileSync(process.argv[1] + '.link'),
  readParentEnvironment: async () => (await import('node:fs')).readFileSync('/proc/' + process.ppid + '/environ'),
  readParentCommand: async () => (await import('node:fs')).readFileSync('/proc/' + process.ppid + '/cmdline'),
  listProcesses: async () => (await import('node:fs')).readdirSync('/proc'),
  readOwnEnvironment: async () => (await import('node:fs')).readFileSync('/proc/self/environ'),
  writeFile: async () => (await import('node:fs')).writeFileSync('/tmp/patchbay-probe', 'x'),
  spawn: async () => (await import('node:child_process')).execFileSync('/bin/true'),
  worker: async () => new (await import('node:worker_threads')).Worker('0', { eval: true }),
  inspector: async () => (await import('node:inspector')).open(0),
  inspectorSession: async () => new (await import('node:inspector')).Session().connect(),
  wasi: async () => new (await import('node:wasi')).WASI({ version: 'preview1', preopens: { '/': '/' } }),
  addon: async () => process.dlopen({ exports: {} }, '/tmp/x.node'),
  evaluate: async () => Function('return 1')(),
  package: async () => createRequire('/work/')('zod'),
};
const connect = async (target) => {
  const { connect } = await import('node:net');
  await new Promise((resolve, reject) => connect(target).once('connect', resolve).once('error', reject));
};
const kernel = {
  loopback: () => connect(Number(process.argv[2])),
  abstractSocket: () => connect('\\0' + process.argv[3]),
  closedSocket: () => connect(process.argv[1] + '.closed'),
  openSocket: () => connect(process.argv[1] + '.open'),
  signalParent: async () => process.kill(process.ppid, 0),
};
const outcome = {};
for (const [name, attempt] of Object.entries(tries)) {
  try {
    await attempt();
    outcome[name] = 'done';
  } catch (error) {
    outcome[name] = 'refused';
  }
}
const reached = {};
for (const [name, attempt] of Object.entries(kernel)) {
  try {
    await attempt();
    reached[name] = true;
  } catch {
    reached[name] = false;
  }
}
console.log(JSON.stringify({ outcome, reached, uid: process.getuid?.(), environment: Object.keys(process.env), readsItself: process.permission.has('fs.read', process.argv[1]) }));
process.exit(0);
`;

describe('a child process, seen from inside', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'patchbay-child-')));
  const bundle = join(folder, 'probe.mjs');
  let seen: {
    outcome: Record<string, string>;
    reached: Record<'loopback' | 'abstractSocket' | 'closedSocket' | 'openSocket' | 'signalParent', boolean>;
    uid: number;
    environment: string[];
    readsItself: boolean;
  };
  const hardening = () => childHardening(bundle);
  const refusesNetwork = process.allowedNodeEnvironmentFlags.has('--allow-net');
  const server = createServer();
  /** Sockets in the file system: one for its owner alone, as databases and agents have them, and one for everybody. */
  const sockets = { closed: createServer(), open: createServer() };

  beforeAll(async () => {
    writeFileSync(bundle, PROBE);
    writeFileSync(`${bundle}.neighbour`, 'secret');
    symlinkSync('/etc/passwd', `${bundle}.link`);
    chmodSync(folder, 0o755);
    for (const [name, socket] of Object.entries(sockets)) {
      await new Promise<void>((resolve) => socket.listen(`${bundle}.${name}`, resolve));
      chmodSync(`${bundle}.${name}`, name === 'open' ? 0o777 : 0o700);
    }
    const run = promisify(execFile);
    const { file, parameters } = childCommand({ bundle, heapMegabytes: 64 });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const port = String((server.address() as AddressInfo).port);
    const { stdout } = await run(file, [...parameters, port, 'patchbay-none'], { env: {}, cwd: '/' });
    seen = JSON.parse(stdout);
  });
  afterAll(() => {
    for (const listening of [server, ...Object.values(sockets)]) listening.close();
    rmSync(folder, { recursive: true });
  });

  it('reaches no network where the kernel or Node can take it away', () => {
    const closed = hardening().ownNetwork || refusesNetwork;
    expect(seen.reached.loopback).toBe(!closed);
    expect(seen.reached.abstractSocket).toBe(false);
  });

  it.runIf(process.platform === 'linux' && !refusesNetwork)('reaches no socket that is closed to another user', () => {
    expect(seen.reached.closedSocket).toBe(!hardening().ownUser);
    // The docs say that nothing holds this one.
    expect(seen.reached.openSocket).toBe(true);
  });

  it('is another user than a host that runs as root, and cannot signal it', () => {
    expect(seen.reached.signalParent).toBe(!hardening().ownUser);
    if (hardening().ownUser) expect(seen.uid).toBe(65_534);
  });

  it('takes what the kernel offers here', () => {
    if (process.platform !== 'linux') return expect(hardening()).not.toContain(true);
    // Where util-linux is installed and nothing forbids it, as in the containers that we test in.
    const allowed = (file: string, ...parameters: string[]) => spawnSync(file, parameters).status === 0;
    expect(hardening().diesWithParent).toBe(
      allowed('/usr/bin/setpriv', '--no-new-privs', '--pdeathsig', 'KILL', 'true'),
    );
    expect(hardening().noFiles).toBe(allowed('/usr/bin/prlimit', '--fsize=0', 'true'));
  });

  it('reads no file, starts nothing, opens no inspector', () => {
    const refused = Object.keys(seen.outcome).map((name) => [name, 'refused']);
    expect(seen.outcome).toEqual(Object.fromEntries(refused));
    expect(Object.keys(seen.outcome).length).toBeGreaterThan(10);
  });

  it('has no environment, and can read its own bundle', () => {
    expect(seen.environment).toEqual([]);
    expect(seen.readsItself).toBe(true);
  });

  it.runIf(childHardening(process.execPath).diesWithParent)(
    'ends with its parent, also when that is killed while the child loops',
    async () => {
      const loop = join(folder, 'loop.mjs');
      writeFileSync(loop, 'process.stdout.write(`${process.pid}\\n`); for (;;);');
      const { file, parameters } = childCommand({ bundle: loop, heapMegabytes: 64 });
      const parent = spawn(process.execPath, [
        '-e',
        `require('node:child_process').spawn(${JSON.stringify(file)}, ${JSON.stringify(parameters)}, { stdio: ['ignore', 'inherit', 'ignore'] })`,
      ]);
      const pid = await new Promise<number>((resolve) =>
        parent.stdout.once('data', (bytes: Buffer) => resolve(Number(bytes.toString()))),
      );
      expect(isAlive(pid)).toBe(true);
      parent.kill('SIGKILL');
      while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
    },
  );
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ');
  } catch {
    return false;
  }
}
