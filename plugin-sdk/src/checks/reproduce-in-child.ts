import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { packageFiles } from '../package/plugin-package.ts';
import { SOURCES_FOLDER } from '../package/source-lock.ts';
import { reproduceChildFile } from './reproduce-child-file.ts';
import type { ReproduceRequest } from './reproduce-child.ts';
import type { Reproduce, Reproduction } from './reproduction-check.ts';

const DEADLINE_MS = 30_000;
const HEAP_MEGABYTES = 384;

/**
 * Compiles a package's sources in a process of its own, so that sources which make the bundler or the compiler run
 * away take nothing with them: it has a deadline, a bounded heap, an empty environment and a folder that goes away.
 * Nothing is installed and nothing of the author's runs outside the engine.
 */
export const reproduceInChild: Reproduce = async (subject) => {
  const compilers = keepCompilers();
  try {
    return await compilers.reproduce(subject);
  } finally {
    compilers.close();
  }
};

/**
 * The same with processes that take one package after the other, for many of one author: starting costs three times
 * what compiling does. One that overran its deadline or ended is not used again.
 */
export function keepCompilers(): { reproduce: Reproduce; close(): void } {
  const idle: Compiler[] = [];
  return {
    async reproduce({ files, sources }) {
      const { entry } = sources;
      if (entry === null) throw new Error('a module that was built elsewhere cannot be compiled');
      const folder = await mkdtemp(join(tmpdir(), 'patchbay-reproduce-'));
      const compiler = idle.pop() ?? startCompiler(await reproduceChildFile());
      try {
        const request: ReproduceRequest = {
          folder,
          manifest: JSON.parse(files.get(packageFiles.manifest)?.toString('utf8') ?? 'null') as unknown,
          entry,
          modules: sources.modules.map(({ path }) => ({
            path,
            text: files.get(SOURCES_FOLDER + path)?.toString('utf8') ?? '',
          })),
        };
        const answer = await compiler.ask(JSON.stringify(request));
        idle.push(compiler);
        return JSON.parse(answer) as Reproduction;
      } catch (error) {
        compiler.end();
        throw error;
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    close() {
      for (const compiler of idle.splice(0)) compiler.end();
    },
  };
}

interface Compiler {
  /** Sends one line and waits for the one that answers it. */
  ask(line: string): Promise<string>;
  end(): void;
}

function startCompiler(file: string): Compiler {
  const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MEGABYTES}`, file], {
    // Windows cannot start a process without its root folder.
    env: process.env['SystemRoot'] === undefined ? {} : { SystemRoot: process.env['SystemRoot'] },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const problems = text(child.stderr);
  const ended = new Promise<number | string>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  // Looked at when no answer came.
  ended.catch(() => undefined);
  // A child that ends early closes its input; how it ended is what is reported.
  child.stdin.on('error', () => undefined);
  const end = (): void => {
    child.stdin.destroy();
    child.kill('SIGKILL');
  };
  return {
    end,
    async ask(line) {
      const deadline = setTimeout(end, DEADLINE_MS);
      try {
        child.stdin.write(`${line}\n`);
        const answer = await answers.next();
        if (answer.done !== true) return answer.value;
        const status = await ended;
        throw new Error(
          `the compiler process ended with ${status}: ${(await problems).trim().split('\n').at(-1) ?? ''}`,
        );
      } finally {
        clearTimeout(deadline);
      }
    },
  };
}
