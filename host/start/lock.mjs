import { createHash } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from './folders.mjs';

const POLL_MS = 200;
const OLDEST_LOCK_MS = 30 * 60 * 1000;

const owner = typeof process.getuid === 'function' ? process.getuid() : 'user';
// Outside the checkout: the installer may replace node_modules while the lock is held.
const lockPath = join(
  tmpdir(),
  `patchbay-prepare-${owner}-${createHash('sha256').update(ROOT).digest('hex').slice(0, 16)}.lock`,
);

/**
 * Runs `work` while no other process prepares this checkout. A lock left by a dead process is taken over.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @param {(pid: number) => void} onWait called once if another process has to be waited for
 * @returns {Promise<T>}
 */
export async function withPrepareLock(work, onWait) {
  let told = false;
  while (!tryLock()) {
    const holder = readHolder();
    if (holder === undefined) continue;
    if (!isAlive(holder) || ageMs() > OLDEST_LOCK_MS) {
      takeAway(holder);
      continue;
    }
    if (!told) onWait(holder);
    told = true;
    await sleep(POLL_MS);
  }
  const release = () => {
    if (readHolder() === process.pid) rmSync(lockPath, { force: true });
  };
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

// The file appears with its pid already inside: a reader never sees an empty lock.
function tryLock() {
  const mine = `${lockPath}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, lockPath);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(mine, { force: true });
  }
}

function readHolder() {
  try {
    return Number(readFileSync(lockPath, 'utf8'));
  } catch {
    return undefined;
  }
}

function ageMs() {
  const stat = statSync(lockPath, { throwIfNoEntry: false });
  return stat === undefined ? 0 : Date.now() - stat.mtimeMs;
}

function isAlive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

// Moving it aside first keeps two waiters from removing a lock that a third has just taken.
function takeAway(deadHolder) {
  const aside = `${lockPath}.stale.${process.pid}`;
  try {
    renameSync(lockPath, aside);
  } catch {
    return;
  }
  if (Number(readFileSync(aside, 'utf8')) !== deadHolder) {
    try {
      linkSync(aside, lockPath);
    } catch {
      // Somebody holds a newer lock; the one that was moved is then the older of two and its holder finishes alone.
    }
  }
  rmSync(aside, { force: true });
}
