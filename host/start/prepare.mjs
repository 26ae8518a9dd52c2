import './node-version.mjs';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StepFailed } from './command.mjs';
import { digestOf } from './digest.mjs';
import { ROOT, STAMPS } from './folders.mjs';
import { install, isInstalled } from './install.mjs';
import { withPrepareLock } from './lock.mjs';
import { createProgress } from './progress.mjs';
import { buildSteps, isBuildInput, missingSource, together } from './steps.mjs';

/**
 * Installs and builds what is stale, and nothing else.
 *
 * @param {{stream?: NodeJS.WriteStream, only?: readonly string[]}} [options] `stream`: where progress goes;
 *   `only`: ids of the steps that are wanted (default all; `[]` only installs)
 * @returns {Promise<boolean>} false if a step failed; the reason and the remedy have then been shown
 */
export async function prepare(options = {}) {
  const progress = createProgress(options.stream ?? process.stdout);
  const wait = (pid) => progress.line(`Process ${pid} is preparing this folder; waiting for it …`);
  const failures = await withPrepareLock(async () => {
    try {
      if (!isInstalled()) await timed(progress, 'Installing packages', install);
    } catch (error) {
      return new Set([error]);
    }
    return build(progress, options.only);
  }, wait);
  for (const error of failures) {
    if (!(error instanceof StepFailed)) throw error;
    progress.line(`\n${error.output}\n\n${error.message}. ${error.remedy}`);
  }
  return failures.size === 0;
}

/** Runs the stale steps, each as soon as those that it comes after have ended. @returns the errors of those that failed */
async function build(progress, only) {
  const done = new Map();
  const takeTurn = turns(availableParallelism());
  const steps = buildSteps().filter((step) => only === undefined || only.includes(step.id));
  const groups = new Map(steps.map((step) => [step.together ?? step.id, []]));
  for (const step of steps) groups.get(step.together ?? step.id).push(step);
  for (const [id, group] of groups) {
    const earlier = group.flatMap(({ after }) => after.map((other) => done.get(other)));
    const ended = Promise.all(earlier).then(() => buildStale(progress, takeTurn, group));
    // Awaited below; until then a failure must not count as unhandled.
    ended.catch(() => undefined);
    done.set(id, ended);
  }
  const results = await Promise.allSettled(done.values());
  // A step that waited for a failed one carries the same error; it is shown once.
  return new Set(results.filter((result) => result.status === 'rejected').map((result) => result.reason));
}

/** @param {readonly import('./steps.mjs').Step[]} group */
async function buildStale(progress, takeTurn, group) {
  const stale = group.filter((step) => isStale(progress, step));
  const [first] = stale;
  if (first === undefined) return;
  const stamps = stale.map((step) => [step, stampOf(step), digestOf(step.inputs, isBuildInput)]);
  for (const [step, stamp] of stamps) {
    rmSync(stamp, { force: true });
    if (step.together !== undefined) rmSync(join(ROOT, step.output), { force: true });
  }
  const { title, run } =
    first.together === undefined
      ? first
      : { title: together[first.together].title(stale.length), run: () => together[first.together].run(stale) };
  try {
    await takeTurn(() => timed(progress, title, run));
  } catch (error) {
    if (first.together === undefined) throw error;
    for (const [step, stamp, digest] of stamps) if (existsSync(join(ROOT, step.output))) mark(stamp, digest);
    throw error;
  }
  for (const [, stamp, digest] of stamps) mark(stamp, digest);
}

function isStale(progress, step) {
  const missing = missingSource(step);
  if (missing !== undefined) {
    progress.line(`${step.title} … skipped: ${missing} is missing`);
    return false;
  }
  return !existsSync(join(ROOT, step.output)) || read(stampOf(step)) !== digestOf(step.inputs, isBuildInput);
}

function stampOf(step) {
  return join(STAMPS, `${step.id.replaceAll('/', '-')}.built`);
}

function mark(stamp, digest) {
  mkdirSync(STAMPS, { recursive: true });
  writeFileSync(stamp, digest);
}

/** As many pieces of work at once as there are processors; the others wait for their turn, first come first served. */
function turns(atOnce) {
  const waiting = [];
  let running = 0;
  return async (work) => {
    if (running >= atOnce) await new Promise((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
}

async function timed(progress, title, work) {
  const end = progress.start(title);
  try {
    await work();
    end();
  } catch (error) {
    end(true);
    throw error;
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const wanted = process.argv.slice(2);
  process.exitCode = (await prepare(wanted.length === 0 ? {} : { only: wanted })) ? 0 : 1;
}
