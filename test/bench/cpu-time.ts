import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/**
 * CPU seconds of processes and all their living descendants, by /proc (proc(5): utime and stime in ticks); NaN where
 * there is no /proc. Unlike requests a second it does not depend on what else the machine is doing.
 */
export function cpuSeconds(roots: readonly number[]): number {
  let entries: string[];
  try {
    entries = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return Number.NaN;
  }
  const ticks = new Map<number, number>();
  const children = new Map<number, number[]>();
  for (const entry of entries) {
    const fields = fieldsOf(entry);
    if (fields === undefined) continue;
    const [pid, parent] = [Number(entry), Number(fields[1])];
    ticks.set(pid, Number(fields[11]) + Number(fields[12]));
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const total = (pid: number): number =>
    (children.get(pid) ?? []).reduce((sum, child) => sum + total(child), ticks.get(pid) ?? 0);
  return roots.reduce((sum, pid) => sum + total(pid), 0) / TICKS_PER_SECOND;
}

/** The fields after the name, which may hold spaces and brackets: state, parent, … */
function fieldsOf(pid: string): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
