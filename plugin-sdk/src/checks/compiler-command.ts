import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { reproductionLimits } from '../contract/limits.ts';
import { engineFolder, sdkFolder } from '../engine/load-engine.ts';
import { asNobody, childHardening, nodeCommand, type ChildCommand, type Hardening } from '../sandbox/child-command.ts';

/**
 * The command of a process that compiles sources of others. It is held as a sandbox process is (`childCommand`), with what
 * compiling takes: it reads the SDK, the bundler and one folder, and starts one program, the bundler, before it takes
 * that away from itself. It writes nothing.
 */
export function compilerCommand(bundle: string, folder: string): ChildCommand {
  const { packages } = bundler();
  return nodeCommand({
    bundle,
    reads: readable([sdkFolder(), dirname(bundle), ...packages, folder]),
    heapMegabytes: reproductionLimits.heapMegabytes,
    flags: ['--allow-child-process'],
    hardening: compilerHardening(bundle),
    limits: [`--data=${reproductionLimits.memoryBytes}`, `--cpu=${reproductionLimits.cpuSeconds}`],
  });
}

/** Folders only, and none in another: Node 20 misjudges paths when a folder and what lies in it are both named. */
function readable(folders: string[]): string[] {
  const all = [...new Set(folders)];
  return all
    .filter((path) => !all.some((one) => one !== path && path.startsWith(join(one, sep))))
    .map((path) => join(path, '*'));
}

const probed = new Map<string, Hardening>();

/** `childHardening`, as far as another user can also read the engines and a folder of sources, and run the bundler. */
export function compilerHardening(bundle: string): Hardening {
  const known = probed.get(bundle);
  if (known !== undefined) return known;
  const offered = childHardening(bundle);
  const hardening = { ...offered, ownUser: offered.ownUser && canCompile() };
  probed.set(bundle, hardening);
  return hardening;
}

/** What of docs/reference/sandbox-processes.md does not hold a compiler on this machine, in words. */
export function notHeldHere(bundle: string): string[] {
  const { diesWithParent, ownNetwork, ownUser, noFiles } = compilerHardening(bundle);
  return [
    ...(ownNetwork ? [] : ['it can reach the network through what it closes itself (no "unshare --net")']),
    ...(ownUser ? [] : ['it is the same user as the registry']),
    ...(noFiles ? [] : ['its memory and CPU time are bounded by the deadline alone (no "prlimit")']),
    ...(diesWithParent ? [] : ['it may outlive a registry that is killed (no "setpriv")']),
  ];
}

function canCompile(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-reproduce-'));
  try {
    const source = join(folder, 'source');
    writeFileSync(source, '');
    chmodSync(folder, 0o755);
    const works = (...command: string[]): boolean => {
      const { file, parameters } = asNobody(command);
      return spawnSync(file, parameters, { env: {}, cwd: '/', stdio: 'ignore' }).status === 0;
    };
    return works('/bin/cat', source, join(engineFolder(), 'prelude.js')) && works(bundler().program, '--version');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Where the bundler lies: its package, and that with its program for this system. */
function bundler(): { packages: string[]; program: string } {
  const own = packagePlaces('esbuild', sdkFolder());
  const ofSystem = packagePlaces(`@esbuild/${process.platform}-${process.arch}`, own.real);
  const program = join(ofSystem.real, ...(process.platform === 'win32' ? ['esbuild.exe'] : ['bin', 'esbuild']));
  return { packages: [own.link, own.real, ofSystem.link, ofSystem.real], program };
}

/** Where a package is found from a folder, which may be a link, and where it lies. */
function packagePlaces(name: string, from: string): { link: string; real: string } {
  const places = createRequire(join(from, 'package.json')).resolve.paths(name) ?? [];
  const link = places.map((place) => join(place, name)).find((path) => existsSync(path));
  if (link === undefined) throw new Error(`${name} is not installed`);
  return { link, real: realpathSync(link) };
}
