import { readSync, writeSync } from 'node:fs';
import { RESUME_EXPORT } from '../../contract/abi.ts';
import { FrameReader, encodeFrame, frameTypes, type Frame } from '../frames.ts';
import type {
  ModuleMessage,
  ResultMessage,
  ResumeMessage,
  RunFailure,
  RunMessage,
  UnparkMessage,
} from '../messages.ts';
import { HeldModules, reasonOf } from './held-modules.ts';
import type { Pristine } from './loaded-module.ts';
import { RUNS_TOGETHER } from '../read-activity.ts';
import { ParkedRuns, type ParkedRun } from './parked-runs.ts';
import { runExport } from './run-export.ts';
import { RunState } from './run-state.ts';

/**
 * The child process: reads frames from stdin, runs one plugin at a time, writes frames to stdout. It holds nothing
 * but compiled modules. Both ends are blocking, so a call costs one read and one write and no turn of an event loop.
 *
 * Before each run goes what came of the earlier ones together with the mark `started`, in one write: the parent then
 * knows, whatever happens next, which run is to blame. A write wakes the parent, which costs as much as a small run, so
 * runs that the parent says are quick are marked and answered several at once; when something happens to them the parent
 * has each of them started alone.
 */
const STDIN = 0;
const STDOUT = 1;
const READ_BYTES = 64 * 1024;
const MEASURE_EVERY_MICROS = 2_000;
/** An instance with more memory is put back before its run is answered; SDK plugins have about half of it. */
const PUT_BACK_LATER_BYTES = 4 * 1024 * 1024;

const modules = new HeldModules();
const parked = new ParkedRuns();
const reader = new FrameReader();
let unsent: Buffer[] = [];

function flush(): void {
  const out = unsent.length === 1 ? unsent[0] : Buffer.concat(unsent);
  unsent = [];
  for (let at = 0; out !== undefined && at < out.length;) at += writeSync(STDOUT, out, at);
}

/**
 * CPU time of this process. Asking the kernel costs as much as a small run, so it is asked after runs that took long
 * and otherwise counted on by the wall clock, which is at least the CPU time of one thread.
 */
let cpuMicros = 0;
let unmeasuredMicros = 0;

function measureCpu(): void {
  const { user, system } = process.cpuUsage();
  cpuMicros = user + system;
  unmeasuredMicros = 0;
}

/** Books what something took by the wall clock; gives its CPU time. */
function book(wallMicros: number): number {
  const before = cpuMicros;
  unmeasuredMicros += wallMicros;
  if (unmeasuredMicros < MEASURE_EVERY_MICROS) {
    cpuMicros += wallMicros;
    return wallMicros;
  }
  measureCpu();
  return Math.max(0, Math.min(wallMicros, cpuMicros - before));
}

function load(message: ModuleMessage, body: Buffer): void {
  measureCpu();
  unsent.push(encodeFrame(frameTypes.loading, JSON.stringify({ module: message.sha256, cpuMicros })));
  flush();
  modules.add(message, body);
  measureCpu();
  unsent.push(encodeFrame(frameTypes.loaded, JSON.stringify({ module: message.sha256 })));
}

function refuse(id: number, failure: RunFailure): void {
  const header: ResultMessage = { id, cpuMicros: 0, memoryBytes: 0, status: 'failed', failure };
  unsent.push(encodeFrame(frameTypes.result, JSON.stringify(header)));
}

/** From here on the parent knows whom to blame. */
function start(...ids: number[]): void {
  unsent.push(encodeFrame(frameTypes.started, `{"ids":[${ids.join()}],"cpuMicros":${Math.round(cpuMicros)}}`));
  flush();
}

/** Runs the quick one, and those that wait behind it. */
function runTogether(first: Frame): void {
  const runs = [readRun(first)];
  while (runs.length < RUNS_TOGETHER && reader.nextIs(frameTypes.quickRun)) {
    const frame = reader.next();
    if (frame !== undefined) runs.push(readRun(frame));
  }
  start(...runs.map(({ message }) => message.id));
  runs.forEach(({ message, body }, index) => run(message, body, index === runs.length - 1));
}

function runAlone(frame: Frame): void {
  const { message, body } = readRun(frame);
  start(message.id);
  run(message, body, true);
}

function readRun({ header, body }: Frame): { message: RunMessage; body: Buffer } {
  return { message: JSON.parse(header) as RunMessage, body };
}

/** @param last whether it is the last of those that were started together */
function run(message: RunMessage, body: Buffer, last: boolean): void {
  const startedAt = performance.now();
  const module = modules.get(message.module);
  if (module === undefined || 'code' in module)
    return refuse(message.id, module ?? { code: 'SANDBOX_UNAVAILABLE', message: 'The module was not sent.' });
  let used: Pristine;
  try {
    used = module.take();
  } catch (error) {
    return refuse(message.id, {
      code: 'PLUGIN_TRAP',
      message: `The module trapped while starting: ${reasonOf(error)}`,
    });
  }
  const exported = used.instance.functions.get(message.export);
  if (exported === undefined) {
    module.giveBack(used, true);
    return refuse(message.id, { code: 'MODULE_INVALID', message: `The module has no export "${message.export}".` });
  }
  const state = new RunState(message, body);
  finish({ module, used, state }, { exported, startedAt, call: message.call, last });
}

function resume({ id, call, batches }: ResumeMessage, body: Buffer): void {
  start(id);
  const startedAt = performance.now();
  const kept = parked.take(call);
  const exported = kept?.used.instance.functions.get(RESUME_EXPORT);
  if (kept === undefined || exported === undefined)
    return refuse(id, { code: 'SANDBOX_UNAVAILABLE', message: 'The call was not kept.' });
  kept.state.resume(id, batches, body);
  finish(kept, { exported, startedAt, call, last: true });
}

interface Finish {
  exported: () => number;
  startedAt: number;
  call: string | undefined;
  last: boolean;
}

/** Runs the export, answers, and puts the instance back, or aside when its call goes on. */
function finish(run: ParkedRun, { exported, startedAt, call, last }: Finish): void {
  const { module, used, state } = run;
  const { context, functions } = used.instance;
  const returned = runExport(context, state, exported);
  const memoryBytes = context.memory.buffer.byteLength;
  const { header, output } = state.result(returned, { memoryBytes, memoryMax: module.memoryMax });
  const clean = 'code' in returned && !state.failed;
  const parks = call !== undefined && header.status === 'open' && clean && functions.has(RESUME_EXPORT);
  const putBack = () => module.giveBack(used, state.waits || clean);
  // Putting back much memory takes longer than most runs: it is the run's to pay for, and under the run's deadline.
  const paid = !parks && memoryBytes > PUT_BACK_LATER_BYTES;
  if (paid) putBack();
  const answeredAt = performance.now();
  const cpuMicros = Math.round(book((answeredAt - startedAt) * 1000));
  const text = JSON.stringify({ ...header, cpuMicros, ...(parks && { parked: true }) } satisfies ResultMessage);
  unsent.push(
    output === undefined ? encodeFrame(frameTypes.result, text) : encodeFrame(frameTypes.result, text, output),
  );
  // The answer goes out before the instance is put back, unless another run waits and takes both in one write.
  if (last && !reader.hasFrame()) flush();
  if (parks) parked.park(call, run);
  else if (!paid) putBack();
  // Or the time would seem to be that of the run that is marked as started next.
  book((performance.now() - answeredAt) * 1000);
}

measureCpu();
unsent.push(encodeFrame(frameTypes.ready, '{}'));
flush();
for (;;) {
  const frame = reader.next();
  if (frame === undefined) {
    if (unsent.length > 0) flush();
    const count = readSync(STDIN, reader.room(READ_BYTES));
    if (count === 0) process.exit(0);
    reader.filled(count);
    continue;
  }
  if (frame.type === frameTypes.quickRun) runTogether(frame);
  else if (frame.type === frameTypes.run) runAlone(frame);
  else if (frame.type === frameTypes.resume) resume(JSON.parse(frame.header) as ResumeMessage, frame.body);
  else if (frame.type === frameTypes.unpark) parked.drop((JSON.parse(frame.header) as UnparkMessage).call);
  else if (frame.type === frameTypes.module) load(JSON.parse(frame.header) as ModuleMessage, frame.body);
  else if (frame.type === frameTypes.forget) modules.forget((JSON.parse(frame.header) as { sha256: string }).sha256);
}
