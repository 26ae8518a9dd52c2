import { readFileSync } from 'node:fs';

const MICROS_PER_TICK = 10_000;

/**
 * CPU time that a process has used so far, in microseconds, in steps of a clock tick (10 ms on every Linux that Node
 * supports: the kernel's USER_HZ). Undefined where there is no /proc, and for a process that has ended.
 * See proc_pid_stat(5), fields 14 and 15.
 */
export function processCpuMicros(pid: number): number | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The second field is a name in parentheses that may hold spaces; field 3 follows its last parenthesis.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isFinite(ticks) ? ticks * MICROS_PER_TICK : undefined;
}
