import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { endWithUs } from '../support/watchdog.ts';

/** A process of this program in another role: it tells what it has to tell in lines of JSON. */
export interface RoleProcess {
  readonly pid: number;
  /** The next line. @throws Error when the process has ended without one */
  next(): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts this program again in a role, so that what is measured shares no event loop with who measures. */
export function startRole(role: string, options: object): RoleProcess {
  const script = process.argv[1];
  if (script === undefined) throw new Error('This program does not know its own file');
  const child = spawn(process.execPath, [script, `--role=${role}`, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const callOff = child.pid === undefined ? () => undefined : endWithUs(child.pid, 'KILL');
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve())).finally(callOff);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    pid: child.pid ?? 0,
    async next() {
      const line = await lines.next();
      if (line.done === true) throw new Error(`The process "${role}" ended without a result`);
      return JSON.parse(line.value) as unknown;
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Tells the process that started this one. */
export function tell(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Ends in order when the process that started this one says so. */
export function stopOnSignal(close: () => Promise<unknown>): void {
  process.once('SIGTERM', () => {
    void close().finally(() => process.exit(0));
  });
}
