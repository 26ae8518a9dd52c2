import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reproductionLimits } from '../contract/limits.ts';
import { compilerCommand, compilerHardening } from './compiler-command.ts';

/**
 * What code that has taken over a compiler would try: `closed`, after the process has closed itself as the compiler does
 * before it is given any sources; `open`, with the walls around it alone.
 */
const PROBE = `
import { closeOutside } from './close-outside.ts';
import { createRequire } from 'node:module';
import { connect as connectByName } from 'node:net';
import { spawnSync as spawnByName } from 'node:child_process';
const [, , mode, port, folder, neighbour] = process.argv;
const require = createRequire(import.meta.url);
if (mode === 'closed') closeOutside();
const opened = (socket) => new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
const tries = {
  connect: async () => opened((await import('node:net')).connect(Number(port), '127.0.0.1')),
  connectByName: async () => opened(connectByName(Number(port), '127.0.0.1')),
  connectByClass: async () => opened(new (require('net').Socket)().connect(Number(port), '127.0.0.1')),
  connectByStream: async () => opened(new process.stdout.constructor().connect(Number(port), '127.0.0.1')),
  connectByBuiltin: async () => opened(process.getBuiltinModule('net').connect(Number(port), '127.0.0.1')),
  connectAfterRepair: async () => {
    const net = require('net');
    const { prototype } = process.stdout.constructor;
    Object.defineProperty(prototype, 'connect', { value: Object.getPrototypeOf(prototype).connect });
    return opened(net.connect(Number(port), '127.0.0.1'));
  },
  abstractSocket: async () => opened(require('net').connect('\\0patchbay-none')),
  listen: async () => new Promise((resolve, reject) => {
    const server = require('net').createServer().once('error', reject).listen(0, '127.0.0.1', () => server.close(resolve));
  }),
  http: async () => new Promise((resolve, reject) => require('http').get('http://127.0.0.1:' + port, resolve).once('error', reject)),
  http2: async () => opened(require('http2').connect('http://127.0.0.1:' + port)),
  tls: async () => opened(require('tls').connect(Number(port), '127.0.0.1')),
  fetch: async () => fetch('http://127.0.0.1:' + port),
  datagram: async () => new Promise((resolve, reject) => require('dgram').createSocket('udp4').send('x', Number(port), '127.0.0.1', (error) => error ? reject(error) : resolve())),
  lookup: async () => require('dns').promises.resolve4('example.com'),
  resolver: async () => new (require('dns').Resolver)().resolve4('example.com', () => {}),
  spawn: async () => { if (require('child_process').spawnSync('/bin/true').status !== 0) throw new Error('no'); },
  spawnByName: async () => { if (spawnByName('/bin/true').status !== 0) throw new Error('no'); },
  spawnByBinding: async () => process.binding('spawn_sync'),
  networkByProgram: async () => {
    const code = "require('net').connect(" + port + ", '127.0.0.1').once('connect', () => process.exit(0)).once('error', () => process.exit(1))";
    if (require('child_process').spawnSync(process.execPath, ['-e', code]).status !== 0) throw new Error('no');
  },
  signal: async () => process.kill(process.ppid, 0),
  worker: async () => new (require('worker_threads').Worker)('0', { eval: true }),
  wasi: async () => new (require('wasi').WASI)({ version: 'preview1', preopens: { '/': '/' } }),
  inspector: async () => new (require('inspector').Session)().connect(),
  addon: async () => process.dlopen({ exports: {} }, '/tmp/x.node'),
  evaluate: async () => Function('return 1')(),
  readFile: async () => require('fs').readFileSync('/etc/passwd'),
  readFolder: async () => require('fs').readdirSync('/etc'),
  readNeighbour: async () => require('fs').readFileSync(neighbour),
  readHost: async () => require('fs').readFileSync('/proc/' + process.ppid + '/environ'),
  readSources: async () => require('fs').readFileSync(folder + '/source.ts'),
  writeSources: async () => require('fs').writeFileSync(folder + '/made.ts', 'x'),
  writeElsewhere: async () => require('fs').writeFileSync('/tmp/patchbay-compiler-probe', 'x'),
};
const done = [];
for (const [name, attempt] of Object.entries(tries)) {
  try {
    await attempt();
    done.push(name);
  } catch {}
}
let limits = '';
try {
  limits = require('child_process').execFileSync('/bin/cat', ['/proc/self/limits'], { encoding: 'utf8' });
} catch {}
process.stdout.write(JSON.stringify({ done, limits, environment: Object.keys(process.env), uid: process.getuid?.() }) + '\\n', () => process.exit(0));
`;

interface Seen {
  done: string[];
  limits: string;
  environment: string[];
  uid: number;
}

describe('a process that compiles, seen from inside', () => {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'patchbay-compiler-')));
  const folder = join(parent, 'sources');
  const bundle = join(folder, 'probe.mjs');
  const neighbour = join(parent, 'neighbour');
  const server = createServer((socket) => socket.destroy());
  const refusesNetwork = process.allowedNodeEnvironmentFlags.has('--allow-net');
  let port: number;
  const look = async (file: string, parameters: string[], mode: 'open' | 'closed'): Promise<Seen> => {
    const given = [...parameters, mode, String(port), folder, neighbour];
    const { stdout } = await promisify(execFile)(file, given, { env: {}, cwd: '/' });
    return JSON.parse(stdout) as Seen;
  };
  const held = (mode: 'open' | 'closed'): Promise<Seen> => {
    const { file, parameters } = compilerCommand(bundle, folder);
    return look(file, parameters, mode);
  };
  const network = [
    ...['connect', 'connectByName', 'connectByClass', 'connectByStream', 'connectByBuiltin', 'abstractSocket'],
    ...['http', 'http2', 'tls', 'fetch', 'datagram', 'lookup'],
  ];

  beforeAll(async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'source.ts'), 'export {};');
    writeFileSync(neighbour, 'secret');
    chmodSync(parent, 0o755);
    await build({
      stdin: { contents: PROBE, resolveDir: fileURLToPath(new URL('.', import.meta.url)), sourcefile: 'probe.ts' },
      outfile: bundle,
      bundle: true,
      format: 'esm',
      platform: 'node',
      logLevel: 'error',
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => {
    server.close();
    rmSync(parent, { recursive: true });
  });

  it('that has closed itself has nothing but its sources, whatever else holds it', async () => {
    const { done } = await look(process.execPath, [bundle], 'closed');
    const files = ['evaluate', 'readFile', 'readFolder', 'readNeighbour', 'readHost', 'writeSources', 'writeElsewhere'];
    expect(done.filter((name) => !files.includes(name))).toEqual(['readSources']);
    // Without closing itself the same process can do all of this, so that the row above says something.
    const open = await look(process.execPath, [bundle], 'open');
    expect(open.done).toEqual(
      expect.arrayContaining(['connect', 'connectByStream', 'spawn', 'networkByProgram', 'worker']),
    );
  });

  it('reads its sources, writes nothing, and makes no code from text', async () => {
    const { done, environment } = await held('closed');
    expect(done).toEqual(['readSources']);
    expect(environment).toEqual([]);
  });

  it('has no network, and neither has a program that it starts, where the kernel takes it away', async () => {
    const { done } = await held('open');
    const { ownNetwork } = compilerHardening(bundle);
    if (ownNetwork || refusesNetwork) expect(done.filter((name) => network.includes(name))).toEqual([]);
    else expect(done).toContain('connect');
    expect(done.includes('networkByProgram')).toBe(!ownNetwork);
    expect(done.includes('signal')).toBe(!compilerHardening(bundle).ownUser);
    // What only closing takes away: it has to start the bundler.
    expect(done).toContain('spawn');
    for (const refused of ['worker', 'wasi', 'readFile', 'readFolder', 'readNeighbour', 'writeSources', 'addon'])
      expect(done).not.toContain(refused);
  });

  it.runIf(process.platform === 'linux' && compilerHardening(process.execPath).noFiles)(
    'has bounded time and memory, and leaves no file and no core',
    async () => {
      const { limits } = await held('open');
      const limit = (name: string): string | undefined => new RegExp(`^${name} +(\\S+)`, 'm').exec(limits)?.[1];
      expect(limit('Max cpu time')).toBe(String(reproductionLimits.cpuSeconds));
      expect(limit('Max data size')).toBe(String(reproductionLimits.memoryBytes));
      expect(limit('Max file size')).toBe('0');
      expect(limit('Max core file size')).toBe('0');
    },
  );

  it.runIf(compilerHardening(process.execPath).ownUser)(
    'is another user than a registry that runs as root',
    async () => {
      expect((await held('open')).uid).toBe(65_534);
    },
  );
});
