import { spawn } from 'node:child_process';

/**
 * Sees to it that a process does not outlive this one, however this one ends: a shell waits for the end of a pipe that
 * only we hold open, and then sends the signal.
 *
 * @returns a function that calls the watch off, for a process that has been stopped in the ordinary way
 */
export function endWithUs(pid: number, signal: 'INT' | 'KILL'): () => void {
  if (process.platform === 'win32') return () => undefined;
  const watchdog = spawn('sh', ['-c', `trap '' INT TERM; cat >/dev/null; kill -${signal} ${pid} 2>/dev/null`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // Ctrl-C reaches the whole group of a terminal; the watchdog has to survive it.
    detached: true,
  });
  watchdog.unref();
  watchdog.on('error', () => undefined);
  return () => {
    watchdog.kill('SIGKILL');
  };
}
