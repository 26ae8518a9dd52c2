export interface ChildArguments {
  /** Absolute path, without symbolic links, of the one file that the child may read. */
  bundle: string;
  heapMegabytes: number;
}

/**
 * The command line of a child process: Node's permission model, under which it can read its own bundle and nothing
 * else, start nothing (processes, workers, addons, WASI) and open no inspector. The model was experimental, and its
 * flag longer, before Node 23.5. It leaves the network alone on Node 20.
 */
export function childArguments({ bundle, heapMegabytes }: ChildArguments): string[] {
  const stable = process.allowedNodeEnvironmentFlags.has('--permission');
  return [
    stable ? '--permission' : '--experimental-permission',
    `--allow-fs-read=${bundle}`,
    `--max-old-space-size=${heapMegabytes}`,
    '--disallow-code-generation-from-strings',
    '--no-warnings',
    bundle,
  ];
}
