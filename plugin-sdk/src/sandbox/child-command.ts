import { spawnSync } from 'node:child_process';

export interface ChildOptions {
  /** Absolute path, without symbolic links, of the one file that the child may read. */
  bundle: string;
  heapMegabytes: number;
}

export interface ChildCommand {
  file: string;
  parameters: string[];
}

/**
 * The command of a child process: Node's permission model, under which it can read its own bundle and nothing else,
 * start nothing (processes, workers, addons, WASI) and open no inspector. The model was experimental, and its flag
 * longer, before Node 23.5. It leaves the network alone on Node 20.
 *
 * Where setpriv(1) of util-linux is at hand the child also gains no privileges by what it executes, and the kernel ends
 * it with its parent: a plugin that loops when the host is killed has nobody else to end it.
 */
export function childCommand({ bundle, heapMegabytes }: ChildOptions): ChildCommand {
  const stable = process.allowedNodeEnvironmentFlags.has('--permission');
  const node = [
    stable ? '--permission' : '--experimental-permission',
    `--allow-fs-read=${bundle}`,
    `--max-old-space-size=${heapMegabytes}`,
    '--disallow-code-generation-from-strings',
    '--no-warnings',
    bundle,
  ];
  if (!diesWithParent()) return { file: process.execPath, parameters: node };
  return { file: SETPRIV, parameters: [...SETPRIV_FLAGS, process.execPath, ...node] };
}

const SETPRIV = '/usr/bin/setpriv';
const SETPRIV_FLAGS = ['--no-new-privs', '--pdeathsig', 'KILL'];
let probed: boolean | undefined;

/** Whether children of this process end with it even when it is killed; tried out once. */
export function diesWithParent(): boolean {
  probed ??=
    process.platform === 'linux' &&
    spawnSync(SETPRIV, [...SETPRIV_FLAGS, SETPRIV, '--version'], { env: {}, timeout: 5_000 }).status === 0;
  return probed;
}
