import { readFileSync } from 'node:fs';

const MICROS_PER_TICK = 10_000;

/** CPU time of a process so far, in microseconds. */
export interface CpuTime {
  /** Of all its threads. */
  all: number;
  /** Of those beside the first: V8 compiles in them what the first one runs. */
  others: number;
}

/**
 * What a process has used, in steps of a clock tick (10 ms on every Linux that Node supports: the kernel's USER_HZ).
 * Undefined where there is no /proc, and for a process that has ended. See proc_pid_stat(5), fields 14 and 15.
 */
export function processCpuTime(pid: number): CpuTime | undefined {
  const all = microsOf(`/proc/${pid}/stat`);
  const first = microsOf(`/proc/${pid}/task/${pid}/stat`);
  return all === undefined || first === undefined ? undefined : { all, others: Math.max(0, all - first) };
}

function microsOf(file: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
  // The second field is a name in parentheses that may hold spaces; field 3 follows its last parenthesis.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isFinite(ticks) ? ticks * MICROS_PER_TICK : undefined;
}
