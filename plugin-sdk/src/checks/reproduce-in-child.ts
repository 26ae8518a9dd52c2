import { chmod, chown, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { reproductionLimits } from '../contract/limits.ts';
import { packageFiles, type PluginPackage } from '../package/plugin-package.ts';
import { SOURCES_FOLDER } from '../package/source-lock.ts';
import { NOBODY_ID } from '../sandbox/child-command.ts';
import { compilerCommand, compilerHardening } from './compiler-command.ts';
import { startCompilerProcess, type CompilerProcess } from './compiler-process.ts';
import type { ReproduceRequest } from './reproduce-child.ts';
import { reproduceChildFile } from './reproduce-child-file.ts';
import type { Reproduce } from './reproduction-check.ts';

const answerSchema = z.union([
  z.strictObject({ ok: z.literal(true), moduleSha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  z.strictObject({ ok: z.literal(false), message: z.string() }),
]);

/**
 * Compiles a package's sources in a process of its own, so that sources which make the bundler or the compiler run
 * away, or take them over, take nothing with them: no network, no file but the SDK's and these sources, nothing to
 * write to, no environment, bounded time and memory (docs/reference/sandbox-processes.md says what holds where). Nothing
 * is installed and nothing of the author's runs outside the engine.
 */
export const reproduceInChild: Reproduce = async (subject) => {
  const compilers = keepCompilers();
  try {
    return await compilers.reproduce(subject);
  } finally {
    compilers.close();
  }
};

/** A process, and the one folder of sources that it can read. */
interface Compiler {
  process: CompilerProcess;
  folder: string;
}

/**
 * The same with processes that take one package after the other, for many of one author: starting costs three times
 * what compiling does. One that overran its deadline or ended is not used again.
 */
export function keepCompilers(): { reproduce: Reproduce; close(): void } {
  const idle: Compiler[] = [];
  return {
    async reproduce(subject) {
      const { entry } = subject.sources;
      if (entry === null) throw new Error('a module that was built elsewhere cannot be compiled');
      const compiler = idle.pop() ?? (await startCompiler());
      const folder = join(compiler.folder, 'plugin');
      try {
        await writeSources(folder, subject);
        const request: ReproduceRequest = {
          folder,
          manifest: JSON.parse(subject.files.get(packageFiles.manifest)?.toString('utf8') ?? 'null') as unknown,
          entry,
        };
        const answer = await compiler.process.ask(JSON.stringify(request), reproductionLimits.deadlineMs);
        const reproduction = answerSchema.parse(JSON.parse(answer));
        await rm(folder, { recursive: true, force: true });
        idle.push(compiler);
        return reproduction;
      } catch (error) {
        end(compiler);
        throw error;
      }
    },
    close() {
      for (const compiler of idle.splice(0)) end(compiler);
    },
  };
}

async function startCompiler(): Promise<Compiler> {
  const bundle = await realpath(await reproduceChildFile());
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'patchbay-reproduce-')));
  if (compilerHardening(bundle).ownUser) await giveToNobody(folder);
  return { process: startCompilerProcess(compilerCommand(bundle, folder)), folder };
}

/** Nobody else reads what was submitted, where that can be had. */
async function giveToNobody(folder: string): Promise<void> {
  await chown(folder, NOBODY_ID, NOBODY_ID).catch(() => chmod(folder, 0o755));
}

async function writeSources(folder: string, { sources, files }: PluginPackage): Promise<void> {
  for (const { path } of sources.modules) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), files.get(SOURCES_FOLDER + path) ?? '');
  }
  // As in the folder of a plugin: its own modules are ECMAScript modules, which says how they import CommonJS.
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
}

function end({ process, folder }: Compiler): void {
  process.end();
  rm(folder, { recursive: true, force: true }).catch(() => undefined);
}
