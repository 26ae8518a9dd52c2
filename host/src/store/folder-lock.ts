import { randomBytes } from 'node:crypto';
import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * One opener per folder. PGlite has no lock of its own: a second opener silently loses rows.
 *
 *   free --take--> held --release--> free
 *   held by a process that is gone --take--> held (taken over)
 *
 * The lock is a file with the holder's pid, its start time where the system tells it (pids are used again), and its
 * host name. The holder touches it every few seconds: from another machine or container, whose pids mean nothing
 * here, only the age of that touch says whether it lives.
 */
const FILE = 'host.lock';
const TOUCH_EVERY_MS = 5_000;
const FOREIGN_STALE_AFTER_MS = 30_000;
const TAKE_ATTEMPTS = 5;

interface Holder {
  pid: number;
  startTicks: string | null;
  hostname: string;
}

export class FolderLockedError extends Error {
  readonly code = 'DATA_FOLDER_LOCKED';
  readonly holder: Holder | undefined;

  constructor(folder: string, holder: Holder | undefined) {
    const who = holder === undefined ? '' : ` (process ${holder.pid} on ${holder.hostname})`;
    super(`Another host has ${folder} open${who}.`);
    this.name = 'FolderLockedError';
    this.holder = holder;
  }
}

const heldHere = new Set<string>();

/**
 * Takes the lock of a folder, which is made if it is missing.
 *
 * @returns the function that gives it back
 * @throws FolderLockedError when a living process holds it
 */
export function lockFolder(folder: string): () => void {
  const path = join(resolve(folder), FILE);
  mkdirSync(resolve(folder), { recursive: true });
  const mine: Holder = { pid: process.pid, startTicks: startTicks(process.pid), hostname: hostname() };
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, JSON.stringify(mine));
  try {
    take(folder, path, draft);
  } finally {
    unlinkSync(draft);
  }
  heldHere.add(path);
  const touch = setInterval(() => touchQuietly(path), TOUCH_EVERY_MS);
  touch.unref();
  return () => {
    if (!heldHere.delete(path)) return;
    clearInterval(touch);
    unlinkQuietly(path);
  };
}

function take(folder: string, path: string, draft: string): void {
  for (let attempt = 0; attempt < TAKE_ATTEMPTS; attempt++) {
    if (linkQuietly(draft, path)) return;
    const holder = readHolder(path);
    if (holder !== 'missing' && isAlive(path, holder)) throw new FolderLockedError(folder, holder ?? undefined);
    // Moving it away is atomic; whoever moved a lock that is not the stale one puts it back.
    const aside = `${draft}.stale`;
    try {
      renameSync(path, aside);
    } catch {
      continue;
    }
    if (JSON.stringify(readHolder(aside)) !== JSON.stringify(holder)) linkQuietly(aside, path);
    unlinkQuietly(aside);
  }
  throw new FolderLockedError(folder, undefined);
}

function isAlive(path: string, holder: Holder | null): boolean {
  if (holder === null || holder.hostname !== hostname()) {
    try {
      return Date.now() - statSync(path).mtimeMs < FOREIGN_STALE_AFTER_MS;
    } catch {
      return false;
    }
  }
  if (holder.pid === process.pid) return heldHere.has(path);
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const ticks = startTicks(holder.pid);
  return ticks === null || holder.startTicks === null || ticks === holder.startTicks;
}

/** `null` when the file is there and cannot be understood. */
function readHolder(path: string): Holder | null | 'missing' {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value !== 'object' || value === null) return null;
    const { pid, startTicks: ticks, hostname: name } = value as Partial<Holder>;
    if (typeof pid !== 'number' || typeof name !== 'string') return null;
    return { pid, startTicks: typeof ticks === 'string' ? ticks : null, hostname: name };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : null;
  }
}

/** Field 22 of /proc/PID/stat (proc(5)), `null` where there is no such file. */
function startTicks(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function linkQuietly(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function unlinkQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Somebody has removed the folder; there is nothing left to give back.
  }
}

function touchQuietly(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // A missed touch matters only when many are missed.
  }
}
