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
 * longer, before Node 23.5. It leaves the network alone on Node 20 to 24, so the kernel takes that away where it can:
 * see `childHardening`. docs/reference/sandbox-processes.md says what holds where.
 */
export function childCommand({ bundle, heapMegabytes }: ChildOptions): ChildCommand {
  return nodeCommand({ bundle, heapMegabytes, reads: [bundle], hardening: childHardening(bundle) });
}

export interface NodeOptions extends ChildOptions {
  /** Absolute paths without symbolic links; those that end in `*` stand for all below them. */
  reads: string[];
  hardening: Hardening;
  /** Further parameters of Node. */
  flags?: string[];
  /** Further parameters of `prlimit`. */
  limits?: string[];
}

/** The command of a held process. */
export function nodeCommand({
  bundle,
  heapMegabytes,
  reads,
  hardening,
  flags = [],
  limits = [],
}: NodeOptions): ChildCommand {
  const stable = process.allowedNodeEnvironmentFlags.has('--permission');
  return commandOf([
    ...wrappers(hardening, limits),
    process.execPath,
    stable ? '--permission' : '--experimental-permission',
    ...reads.map((path) => `--allow-fs-read=${path}`),
    ...flags,
    `--max-old-space-size=${heapMegabytes}`,
    '--disallow-code-generation-from-strings',
    '--no-warnings',
    bundle,
  ]);
}

/** A command run by the user `nobody`, who can do nothing and to whom nothing belongs. */
export function asNobody(command: string[]): ChildCommand {
  return commandOf([...wrappers({ ...nothing, diesWithParent: true, ownUser: true }), ...command]);
}

function commandOf([file = '', ...parameters]: string[]): ChildCommand {
  return { file, parameters };
}

/** What the kernel adds to Node's permission model, by tools of util-linux that every Debian has. */
export interface Hardening {
  /** setpriv: the child gains no privileges by what it executes, and ends with its parent however that ends. */
  diesWithParent: boolean;
  /** unshare: a network of its own in which there is nothing, not even loopback. */
  ownNetwork: boolean;
  /** setpriv, for a host that runs as root: another user without capabilities, who can signal and read nobody. */
  ownUser: boolean;
  /** prlimit: it can make no file longer than nothing, and no core dump. */
  noFiles: boolean;
}

const SETPRIV = '/usr/bin/setpriv';
const UNSHARE = '/usr/bin/unshare';
const PRLIMIT = '/usr/bin/prlimit';
const WITH_PARENT = [SETPRIV, '--no-new-privs', '--pdeathsig', 'KILL'];
/** The user `nobody`, and the group of the same number, of every Linux distribution. */
export const NOBODY_ID = 65_534;
const NOBODY = [
  '--reuid',
  String(NOBODY_ID),
  '--regid',
  String(NOBODY_ID),
  '--clear-groups',
  '--inh-caps',
  '-all',
  '--bounding-set',
  '-all',
];
const NO_FILES = [PRLIMIT, '--fsize=0', '--core=0'];
const PROBE_MS = 5_000;
const nothing: Hardening = { diesWithParent: false, ownNetwork: false, ownUser: false, noFiles: false };

/** What can be had for a child with this bundle, tried out: a container or a security module may refuse any. */
export function childHardening(bundle: string): Hardening {
  if (process.platform !== 'linux') return nothing;
  const diesWithParent = works({ diesWithParent: true }, '/bin/true');
  // Another user may be unable to reach Node or the bundle, as in a home folder that is closed to others.
  const ownUser =
    diesWithParent &&
    isRoot() &&
    works({ diesWithParent, ownUser: true }, '/bin/cat', bundle) &&
    works({ diesWithParent, ownUser: true }, process.execPath, '--version');
  return {
    diesWithParent,
    ownUser,
    ownNetwork: diesWithParent && works({ diesWithParent, ownUser, ownNetwork: true }, '/bin/true'),
    noFiles: works({ noFiles: true }, '/bin/true'),
  };
}

const tried = new Map<string, boolean>();

/** Whether a command ends well when it is held so. Each is tried once: starting a program stops this process for a while. */
function works(wanted: Partial<Hardening>, ...command: string[]): boolean {
  const whole = [...wrappers({ ...nothing, ...wanted }), ...command];
  const key = whole.join('\0');
  let worked = tried.get(key);
  if (worked === undefined) {
    const { file, parameters } = commandOf(whole);
    worked = spawnSync(file, parameters, { env: {}, cwd: '/', stdio: 'ignore', timeout: PROBE_MS }).status === 0;
    tried.set(key, worked);
  }
  return worked;
}

/** A new user namespace clears the signal for the parent's death, so that is asked for after it. */
function wrappers({ diesWithParent, ownNetwork, ownUser, noFiles }: Hardening, limits: string[] = []): string[] {
  return [
    ...(noFiles ? [...NO_FILES, ...limits] : []),
    ...(ownNetwork ? [UNSHARE, ...(isRoot() ? [] : ['--user', '--map-current-user']), '--net', '--'] : []),
    ...(diesWithParent ? [...WITH_PARENT, ...(ownUser ? NOBODY : [])] : []),
  ];
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
