import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { childCommand } from './child-command.ts';
import { DeadlineWatch, type Activity, type Deadline, type DeadlineKind } from './deadline-watch.ts';
import { FrameReader, MAX_ANSWER_BYTES, encodeFrame, frameTypes, type Frame } from './frames.ts';
import type { ModuleMessage } from './messages.ts';
import { readLoading, readModule, readStarted } from './read-activity.ts';

/**
 * One child process as the parent sees it.
 *
 *   starting -> ready      the child said so
 *   ready    -> dead       killed at a deadline, crashed, spoke nonsense, or closed
 *   starting -> dead       could not be started
 *
 * What it does at a moment is `activity`: the runs or the module load that it marked as started last.
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

const STDERR_BYTES = 4096;

export class SandboxProcess {
  state: 'starting' | 'ready' | 'dead' = 'starting';
  readonly #child: ChildProcess & { stdin: Writable; stdout: Readable; stderr: Readable };
  readonly #events: ProcessEvents;
  readonly #log: (message: string) => void;
  readonly #reader = new FrameReader(MAX_ANSWER_BYTES);
  readonly #exited: Promise<void>;
  readonly #watch: DeadlineWatch;
  #corked = false;
  #held = true;
  readonly #patienceMs: number;
  #heardAt = performance.now();
  #silence: NodeJS.Timeout | undefined;

  constructor(options: ProcessOptions, deadlineOf: (activity: Activity) => Deadline, events: ProcessEvents) {
    this.#events = events;
    this.#log = options.log;
    this.#patienceMs = options.patienceMs;
    this.#watch = new DeadlineWatch(
      () => this.pid,
      deadlineOf,
      (by, activity) => this.#die({ reason: 'deadline', by, activity }),
    );
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
        this.#die({ reason: 'crashed', killed: signal === 'SIGKILL', activity: this.#watch.activity });
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

  get runUnderWay(): number | undefined {
    return this.#watch.runUnderWay;
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
          if (silentMs < this.#patienceMs || this.#watch.activity !== undefined) return this.#rearm();
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
      this.#die({ reason: 'crashed', killed: false, activity: this.#watch.activity });
    }
  }

  #handle(frame: Frame): void {
    switch (frame.type) {
      case frameTypes.ready:
        if (this.state !== 'starting') throw new Error('ready once more');
        this.state = 'ready';
        return this.#events.ready();
      case frameTypes.started: {
        const { ids, cpuMicros } = readStarted(frame.header);
        return this.#watch.start({ runs: ids }, cpuMicros);
      }
      case frameTypes.loading: {
        const { module, cpuMicros } = readLoading(frame.header);
        return this.#watch.start({ loading: module }, cpuMicros);
      }
      case frameTypes.loaded: {
        const module = readModule(frame.header);
        const { activity } = this.#watch;
        if (activity === undefined || !('loading' in activity) || activity.loading !== module)
          throw new Error('a module was loaded that was not being loaded');
        this.#watch.end();
        this.#watch.measure();
        return this.#events.loaded(module);
      }
      case frameTypes.result: {
        // What is wrong with a result is the doing of the run that it ends.
        this.#events.result(frame);
        return this.#watch.end();
      }
      default:
        throw new Error(`frame of type ${frame.type}`);
    }
  }

  #die(death: Death): void {
    if (this.state === 'dead') return;
    this.state = 'dead';
    this.#watch.stop();
    clearTimeout(this.#silence);
    this.#child.kill('SIGKILL');
    this.#events.dead(death);
  }
}
