import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const lockModule = new URL('../../host/start/lock.mjs', import.meta.url).href;

// Says when it has the lock, and gives it back when its input ends.
const holder = `
  const { withPrepareLock } = await import(${JSON.stringify(lockModule)});
  await withPrepareLock(
    async () => { console.log('has it'); for await (const _ of process.stdin); console.log('gives it back'); },
    (pid) => console.log('waits for ' + pid),
  );
`;

describe('the lock of prepare', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'patchbay-lock-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('lets one process in at a time and the next when it has left', async () => {
    const first = start();
    await first.says('has it');
    const second = start();
    await second.says(`waits for ${String(first.process.pid)}`);
    expect(second.said()).not.toContain('has it');
    first.process.stdin?.end();
    await second.says('has it');
    expect(first.said()).toContain('gives it back');
    second.process.stdin?.end();
    await second.ended;
  });

  it('is taken over from a process that died with it', async () => {
    const first = start();
    await first.says('has it');
    first.process.kill('SIGKILL');
    await first.ended;
    const [second, third] = [start(), start()];
    const winner = await Promise.race([
      second.says('has it').then(() => second),
      third.says('has it').then(() => third),
    ]);
    const other = winner === second ? third : second;
    await other.says(`waits for ${String(winner.process.pid)}`);
    winner.process.stdin?.end();
    await other.says('has it');
    other.process.stdin?.end();
    await Promise.all([winner.ended, other.ended]);
  });

  function start(): Holder {
    const child = spawn(process.execPath, ['--input-type=module', '-e', holder], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    return new Holder(child);
  }
});

class Holder {
  readonly process: ChildProcess;
  readonly ended: Promise<void>;
  #output = '';
  #listeners = new Set<() => void>();

  constructor(child: ChildProcess) {
    this.process = child;
    this.ended = new Promise((resolve) => child.once('close', () => resolve()));
    child.stdout?.on('data', (chunk: Buffer) => {
      this.#output += chunk.toString('utf8');
      for (const listener of this.#listeners) listener();
    });
  }

  said(): string {
    return this.#output;
  }

  says(text: string): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (this.#output.includes(text)) resolve();
      };
      this.#listeners.add(check);
      check();
    });
  }
}
