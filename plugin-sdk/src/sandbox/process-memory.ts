import { readFileSync } from 'node:fs';

const PAGE_BYTES = 4096;

/**
 * Resident memory of a process in bytes; undefined where there is no /proc, and for a process that has ended. Counted
 * in pages of 4 KiB: on machines with larger ones it is a lower bound. See proc_pid_statm(5).
 */
export function processMemoryBytes(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * PAGE_BYTES;
  } catch {
    return undefined;
  }
}
