import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { childCommand } from './child-command.ts';
import { processCpuTime } from './cpu-time.ts';
import { FrameReader, MAX_ANSWER_BYTES, encodeFrame, frameTypes, type Frame } from './frames.ts';
import type { ModuleMessage } from './messages.ts';

/**
 * One child process as the parent sees it.
 *
 *   starting -> ready      the child said so
 *   ready    -> dead       killed at a deadline, crashed, spoke nonsense, or closed
 *   starting -> dead       could not be started
 *
 * What it does at a moment is `activity`: the run or module load that it marked as started last. The deadline is judged
 * here, on the child's own CPU time: a parent that was blocked, or a machine that is busy, is no fault of the plugin.
 */
export interface ProcessOptions {
  bundle: string;
  heapMegabytes: number;
  /** How long a child may be silent that should speak: until it is ready, and while it has work and started none. */
  patienceMs: number;
  log: (message: string) => void;
}

export interface ProcessEvents {
  ready(): void;
  /** The frame's body is valid only during the call. */
  result(frame: Frame): void;
  loaded(module: string): void;
  dead(death: Death): void;
}

/** Child processes and the sockets behind their pipes have these; the types of streams do not tell. */
interface Holding {
  ref?(): void;
  unref?(): void;
}

export type Death =
  /** `killed`: by a signal from outside, which is hardly a plugin's doing. */
  | { reason: 'crashed'; killed: boolean; activity: Activity | undefined }
  | { reason: 'deadline'; by: DeadlineKind; activity: Activity }
  | { reason: 'closed' };

/**
 * `cpu`: it used up its CPU time. `wall`: it took too long where CPU time cannot be read. `starved`: it took too long
 * without having had its CPU time, which is the machine's doing, since a run never waits.
 */
export type DeadlineKind = 'cpu' | 'wall' | 'starved';

export type Activity = { run: number } | { loading: string };

export interface Deadline {
  cpuMs: number;
  wallMs: number;
}

interface Watched {
  activity: Activity;
  /** The child's CPU time when the activity started. */
  cpuMicros: number;
  /** When the parent read that it started. */
  seenAt: number;
  deadline: Deadline;
}

const MICROS_PER_MS = 1000;
/** A judgement is not repeated faster than this: the clock of /proc steps in 10 ms. */
const RECHECK_MS = 10;
const STDERR_BYTES = 4096;

export class SandboxProcess {
  state: 'starting' | 'ready' | 'dead' = 'starting';
  readonly #child: ChildProcess & { stdin: Writable; stdout: Readable; stderr: Readable };
  readonly #events: ProcessEvents;
  readonly #deadlineOf: (activity: Activity) => Deadline;
  readonly #log: (message: string) => void;
  readonly #reader = new FrameReader(MAX_ANSWER_BYTES);
  readonly #exited: Promise<void>;
  #watched: Watched | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** CPU time of the threads beside the first one, when it was last asked for. */
  #othersMicros = 0;
  /** When the timer fires. */
  #looksAt = 0;
  #corked = false;
  #held = true;
  readonly #patienceMs: number;
  #heardAt = performance.now();
  #silence: NodeJS.Timeout | undefined;

  constructor(options: ProcessOptions, deadlineOf: (activity: Activity) => Deadline, events: ProcessEvents) {
    this.#events = events;
    this.#deadlineOf = deadlineOf;
    this.#log = options.log;
    this.#patienceMs = options.patienceMs;
    const { file, parameters } = childCommand(options);
    this.#child = spawn(file, parameters, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {},
      cwd: '/',
      windowsHide: true,
    });
    this.#exited = new Promise((resolve) => {
      this.#child.once('close', (_code, signal) => {
        resolve();
        this.#die({ reason: 'crashed', killed: signal === 'SIGKILL', activity: this.#watched?.activity });
      });
      this.#child.once('error', (error) => {
        this.#log(`a sandbox process could not be started: ${error.message}`);
        resolve();
        this.#die({ reason: 'crashed', killed: false, activity: undefined });
      });
    });
    this.#child.stdin.on('error', () => undefined); // EPIPE: the child has died, which `close` tells
    this.#child.stdout.on('data', (chunk: Buffer) => this.#receive(chunk));
    this.#listen();
    let heard = 0;
    this.#child.stderr.on('data', (chunk: Buffer) => {
      if (heard < STDERR_BYTES) this.#log(`sandbox process: ${chunk.toString('utf8', 0, STDERR_BYTES - heard).trim()}`);
      heard += chunk.length;
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get activity(): Activity | undefined {
    return this.#watched?.activity;
  }

  sendRun(frame: Buffer): void {
    this.#send(frame);
  }

  sendModule(message: ModuleMessage, ...bytes: Uint8Array[]): void {
    this.#send(encodeFrame(frameTypes.module, JSON.stringify(message), ...bytes));
  }

  /** The instance that was kept of a call is not needed any more. */
  unpark(call: string): void {
    this.#send(encodeFrame(frameTypes.unpark, JSON.stringify({ call })));
  }

  forgetModule(sha256: string): void {
    this.#send(encodeFrame(frameTypes.forget, JSON.stringify({ sha256 })));
  }

  /** Whether this child keeps the parent's event loop alive: while it has work to do, and not while it is idle. */
  hold(held: boolean): void {
    if (held === this.#held) return;
    this.#held = held;
    if (held) this.#listen();
    for (const part of [this.#child, this.#child.stdin, this.#child.stdout, this.#child.stderr] as Holding[])
      if (held) part.ref?.();
      else part.unref?.();
  }

  /** A child that was taken over may just say nothing: whoever waits for it must not wait for ever. */
  #listen(): void {
    this.#heardAt = performance.now();
    this.#silence ??= setTimeout(() => {
      // The pipe is read once more before judging, as for a deadline.
      setImmediate(() =>
        setImmediate(() => {
          this.#silence = undefined;
          if (this.state === 'dead' || !this.#held) return;
          const silentMs = performance.now() - this.#heardAt;
          if (silentMs < this.#patienceMs || this.#watched !== undefined) return this.#rearm();
          this.#log(`a sandbox process said nothing for ${Math.round(silentMs)} ms and was ended`);
          this.#die({ reason: 'crashed', killed: false, activity: undefined });
        }),
      );
    }, this.#patienceMs).unref();
  }

  #rearm(): void {
    const heardAt = this.#heardAt;
    this.#listen();
    this.#heardAt = heardAt;
  }

  /** Ends the child; resolved when it is gone. */
  async close(): Promise<void> {
    this.#die({ reason: 'closed' });
    this.hold(true);
    await this.#exited;
  }

  /** Everything that is sent within one turn of the event loop goes out in one write. */
  #send(frame: Buffer): void {
    const { stdin } = this.#child;
    if (!this.#corked) {
      this.#corked = true;
      stdin.cork();
      process.nextTick(() => {
        this.#corked = false;
        stdin.uncork();
      });
    }
    stdin.write(frame);
  }

  #receive(chunk: Buffer): void {
    if (this.state === 'dead') return;
    try {
      this.#reader.push(chunk);
      for (let frame = this.#reader.next(); frame !== undefined; frame = this.#reader.next()) {
        // A part of a frame is nothing said: a child could go on with parts for ever.
        this.#heardAt = performance.now();
        this.#handle(frame);
      }
    } catch (error) {
      this.#log(
        `a sandbox process spoke nonsense and was ended: ${error instanceof Error ? error.message : 'unknown'}`,
      );
      this.#die({ reason: 'crashed', killed: false, activity: this.#watched?.activity });
    }
  }

  #handle(frame: Frame): void {
    switch (frame.type) {
      case frameTypes.ready:
        if (this.state !== 'starting') throw new Error('ready once more');
        this.state = 'ready';
        return this.#events.ready();
      case frameTypes.started: {
        const { id, cpuMicros } = readNumbers(frame.header, 'id', 'cpuMicros');
        return this.#watch({ run: id }, cpuMicros);
      }
      case frameTypes.loading: {
        const { cpuMicros } = readNumbers(frame.header, 'cpuMicros');
        return this.#watch({ loading: readModule(frame.header) }, cpuMicros);
      }
      case frameTypes.loaded: {
        const module = readModule(frame.header);
        const { activity } = this;
        if (activity === undefined || !('loading' in activity) || activity.loading !== module)
          throw new Error('a module was loaded that was not being loaded');
        this.#watched = undefined;
        this.#measure();
        return this.#events.loaded(module);
      }
      case frameTypes.result: {
        const watched = this.#watched;
        this.#events.result(frame);
        // What is wrong with a result is the doing of the run that it ends.
        if (this.#watched === watched) this.#watched = undefined;
        return;
      }
      default:
        throw new Error(`frame of type ${frame.type}`);
    }
  }

  #watch(activity: Activity, cpuMicros: number): void {
    // Otherwise a child could begin one thing after the other and never be late with any.
    if (this.#watched !== undefined) throw new Error('something started before what was under way had ended');
    this.#watched = { activity, cpuMicros, seenAt: performance.now(), deadline: this.#deadlineOf(activity) };
    // One timer serves many runs: when it fires too early for the present one it is set again.
    const { cpuMs } = this.#watched.deadline;
    if (this.#timer !== undefined && this.#looksAt <= performance.now() + cpuMs) return;
    clearTimeout(this.#timer);
    this.#timer = this.#wake(cpuMs);
  }

  #wake(ms: number): NodeJS.Timeout {
    this.#looksAt = performance.now() + ms;
    return setTimeout(() => this.#look(), ms);
  }

  #look(): void {
    this.#timer = undefined;
    const watched = this.#watched;
    const early = watched === undefined ? 0 : watched.deadline.cpuMs - (performance.now() - watched.seenAt);
    // So that what is not held against a run is not older than one turn of the timer.
    if (watched === undefined || early > 0) this.#measure();
    if (watched === undefined) return;
    if (early > 0) {
      this.#timer = this.#wake(early);
      return;
    }
    // The pipe is read once more before judging: what the child said while this process was busy counts.
    setImmediate(() =>
      setImmediate(() => {
        if (this.state === 'dead' || this.#timer !== undefined) return;
        if (this.#watched === watched) this.#judge(watched);
        else if (this.#watched !== undefined) this.#timer = this.#wake(this.#watched.deadline.cpuMs);
      }),
    );
  }

  /**
   * CPU time of what is watched, in microseconds; undefined where it cannot be had. A plugin runs in the first thread.
   * What the others took since they were looked at last is V8's, and not held against it.
   */
  #measure(): number | undefined {
    const now = this.pid === undefined ? undefined : processCpuTime(this.pid);
    if (now === undefined) return undefined;
    const others = now.others - this.#othersMicros;
    this.#othersMicros = now.others;
    if (this.#watched === undefined) return 0;
    this.#watched.cpuMicros = Math.min(now.all, this.#watched.cpuMicros + others);
    return now.all - this.#watched.cpuMicros;
  }

  #judge(watched: Watched): void {
    const { activity, deadline } = watched;
    const usedMicros = this.#measure();
    const usedMs = (usedMicros ?? 0) / MICROS_PER_MS;
    const wallMs = performance.now() - watched.seenAt;
    if (usedMs >= deadline.cpuMs) return this.#die({ reason: 'deadline', by: 'cpu', activity });
    if (wallMs >= deadline.wallMs)
      return this.#die({ reason: 'deadline', by: usedMicros === undefined ? 'wall' : 'starved', activity });
    this.#timer = this.#wake(Math.max(RECHECK_MS, Math.min(deadline.cpuMs - usedMs, deadline.wallMs - wallMs)));
  }

  #die(death: Death): void {
    if (this.state === 'dead') return;
    this.state = 'dead';
    clearTimeout(this.#timer);
    clearTimeout(this.#silence);
    this.#child.kill('SIGKILL');
    this.#events.dead(death);
  }
}

function readNumbers<N extends string>(header: string, ...names: N[]): Record<N, number> {
  const read: unknown = JSON.parse(header);
  const numbers = {} as Record<N, number>;
  for (const name of names) {
    const value: unknown = typeof read === 'object' && read !== null ? Reflect.get(read, name) : undefined;
    if (typeof value !== 'number' || !(value >= 0 && value < Infinity))
      throw new TypeError(`"${name}" is not a number that counts something`);
    numbers[name] = value;
  }
  return numbers;
}

function readModule(header: string): string {
  const read: unknown = JSON.parse(header);
  const module: unknown = typeof read === 'object' && read !== null ? Reflect.get(read, 'module') : undefined;
  if (typeof module !== 'string') throw new TypeError('"module" is not a text');
  return module;
}
