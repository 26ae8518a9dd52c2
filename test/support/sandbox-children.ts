import { readFile, readdir } from 'node:fs/promises';

/** Process ids of a host's children that run the sandbox's bundle, found as an operator would. Linux only. */
export async function sandboxChildren(host: number): Promise<number[]> {
  const lists = (await readdir(`/proc/${host}/task`)).map((task) => textOf(`/proc/${host}/task/${task}/children`));
  const pids = (await Promise.all(lists)).flatMap((list) => list.split(' ').filter((pid) => pid !== ''));
  const commands = await Promise.all(pids.map((pid) => textOf(`/proc/${pid}/cmdline`)));
  return pids.filter((_pid, at) => commands[at]?.includes('sandbox-child')).map(Number);
}

/** @returns false when it had ended already, by itself or at the hand before */
export function signalled(pid: number, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Empty for what has just ended. */
function textOf(file: string): Promise<string> {
  return readFile(file, 'latin1').catch(() => '');
}
