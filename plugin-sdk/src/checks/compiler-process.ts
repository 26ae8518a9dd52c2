import { spawn } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import type { ChildCommand } from '../sandbox/child-command.ts';

/** More than any answer or message of a compiler takes. */
const ANSWER_CHARS = 64 * 1024;

/** A process that compiles, as its parent sees it. */
export interface CompilerProcess {
  /** Sends one line and waits for the one that answers it; fails when none comes in time, or too long a one. */
  ask(line: string, withinMs: number): Promise<string>;
  end(): void;
}

/** Starts a compiler. One question at a time; after one that failed it is of no use any more. */
export function startCompilerProcess({ file, parameters }: ChildCommand): CompilerProcess {
  const child = spawn(file, parameters, {
    // Windows cannot start a process without its root folder.
    env: process.env['SystemRoot'] === undefined ? {} : { SystemRoot: process.env['SystemRoot'] },
    cwd: '/',
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let said = '';
  let complained = '';
  let settle: { answer(line: string): void; fail(error: Error): void } | undefined;
  let failure: Error | undefined;
  const end = (): void => {
    child.stdin.destroy();
    child.kill('SIGKILL');
  };
  const fail = (message: string): void => {
    failure ??= new Error(message);
    settle?.fail(failure);
    end();
  };
  const decoder = new StringDecoder('utf8');
  child.stdout.on('data', (bytes: Buffer) => {
    said += decoder.write(bytes);
    if (said.length > ANSWER_CHARS) return fail('the compiler process said more than an answer takes');
    const lineEnd = said.indexOf('\n');
    if (lineEnd === -1) return;
    const line = said.slice(0, lineEnd);
    said = said.slice(lineEnd + 1);
    if (settle === undefined || said !== '') fail('the compiler process said what it was not asked');
    else settle.answer(line);
  });
  child.stderr.on('data', (bytes: Buffer) => (complained = (complained + bytes.toString()).slice(-ANSWER_CHARS)));
  child.on('error', (error) => fail(`the compiler process could not be started: ${error.message}`));
  child.on('close', (code, signal) =>
    fail(`the compiler process ended with ${code ?? signal ?? 'unknown'}: ${whatWentWrong(complained)}`),
  );
  // A child that ends early closes its input; how it ended is what is reported.
  child.stdin.on('error', () => undefined);
  return {
    end,
    async ask(line, withinMs) {
      if (failure !== undefined) throw failure;
      const late = setTimeout(() => fail(`the compiler process took longer than ${withinMs} ms`), withinMs);
      try {
        return await new Promise((resolve, reject) => {
          settle = { answer: resolve, fail: reject };
          child.stdin.write(`${line}\n`);
        });
      } finally {
        settle = undefined;
        clearTimeout(late);
      }
    },
  };
}

/** Of what Node writes when it ends, the line that names the error. */
function whatWentWrong(text: string): string {
  const lines = text.trim().split('\n');
  return (lines.find((line) => /^[A-Za-z]*Error\b/.test(line)) ?? lines.at(-1) ?? '').slice(0, 300);
}
