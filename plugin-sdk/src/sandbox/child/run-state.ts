import type { AskKind } from '../../contract/journal.ts';
import { sandboxLimits } from '../../contract/limits.ts';
import type { LogLine, NewAsk, RunLimits } from '../../contract/run.ts';
import { askDigest } from '../ask-digest.ts';
import { isJsonObject, textProblem } from '../json-text.ts';
import type { BatchMessage, ResultMessage, RunFailure, RunMessage } from '../messages.ts';
import { readLogLine } from './log-line.ts';
import { errorFailure, trapFailure, type MemoryUsage } from './guest-failure.ts';

/**
 * One run from its first import to its result.
 *
 *   running -> flagged   a blocking ask without an answer, a broken budget, a replay that differs, a bad pointer
 *   running -> returned  the export came back
 *   returned -> running  the run had ended open, and the instance goes on with further batches
 *   running -> exited    the guest ended itself (WASI), which is as if the export had given that number
 *
 * Once flagged or exited, every import throws again, so that a guest which catches the trap gets no further, and whatever it
 * wrote is ignored.
 */
export class RunState {
  readonly seed: string;
  readonly #journalAsks: NonNullable<RunMessage['asks']>;
  #id: number;
  #input: Uint8Array;
  readonly #batches: BatchMessage[];
  #batchTexts: Uint8Array[];
  readonly #taken: boolean[];
  readonly #limits: RunLimits;
  #asks: NewAsk[] = [];
  readonly #logs: LogLine[] = [];
  #asked = 0;
  #askBytes = 0;
  #logBytes = 0;
  #clock: number;
  #blockingAnswer: number | undefined;
  #output: Buffer | undefined;
  #error: Uint8Array | undefined;
  #failsByError = false;
  #exitCode: number | undefined;
  #flag: { waits: true } | { waits: false; failure: RunFailure } | undefined;

  constructor(message: RunMessage, body: Uint8Array) {
    this.#id = message.id;
    this.seed = message.seed;
    this.#input = body.subarray(0, message.inputBytes);
    this.#journalAsks = message.asks ?? [];
    this.#batches = [];
    this.#clock = message.startedAt;
    this.#limits = { ...sandboxLimits, ...message.limits };
    this.#batchTexts = [];
    this.#taken = [];
    this.#addBatches(message.batches ?? [], body.subarray(message.inputBytes));
  }

  get id(): number {
    return this.#id;
  }

  get input(): Uint8Array {
    return this.#input;
  }

  /** Makes it last beyond the frame that it came in: it is kept while the call waits. */
  park(): void {
    this.#input = Uint8Array.from(this.#input);
    this.#batchTexts = this.#batchTexts.map(() => NO_BYTES);
  }

  /** The next run of the call, in the same instance: what was asked so far is now recorded. */
  resume(id: number, batches: readonly BatchMessage[], body: Uint8Array): void {
    this.#id = id;
    this.#journalAsks.push(...this.#asks.map(({ kind, digest, blocking }) => ({ kind, digest, blocking })));
    this.#asks = [];
    this.#addBatches(batches, body);
  }

  #addBatches(batches: readonly BatchMessage[], texts: Uint8Array): void {
    let at = 0;
    for (const batch of batches) {
      this.#batches.push(batch);
      this.#batchTexts.push(texts.subarray(at, at + batch.bytes));
      this.#taken.push(false);
      at += batch.bytes;
    }
  }

  /** To be called first by every import: a flagged run goes no further. */
  enter(): void {
    if (this.#flag !== undefined || this.#exitCode !== undefined) throw new RunEnded();
  }

  exit(code: number): never {
    this.#exitCode = code;
    throw new RunEnded();
  }

  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  fail(failure: RunFailure): never {
    this.#flag = { waits: false, failure };
    throw new RunEnded();
  }

  /** The run has failed by its own doing; a run that only waits for the answer of a blocking ask has not. */
  get failed(): boolean {
    return this.#flag?.waits === false;
  }

  get waits(): boolean {
    return this.#flag?.waits === true;
  }

  /** Milliseconds since the epoch. A microsecond passes with every read, so that loops on the clock end. */
  now(): number {
    this.#clock += 0.001;
    return this.#clock;
  }

  writeOutput(bytes: Uint8Array): void {
    if (bytes.length > this.#limits.outputBytes)
      this.fail({
        code: 'OUTPUT_TOO_LARGE',
        message: `The output has ${bytes.length} bytes; ${this.#limits.outputBytes} are allowed.`,
      });
    const problem = textProblem(bytes);
    if (problem !== undefined) this.fail({ code: 'OUTPUT_INVALID', message: `The output ${problem}.` });
    this.#output = Buffer.from(bytes);
  }

  writeError(bytes: Uint8Array): void {
    this.#error = Buffer.from(bytes.subarray(0, MAX_ERROR_BYTES));
  }

  /** An error that makes the run a failed one whatever the export gives. */
  failByError(bytes: Uint8Array): void {
    this.writeError(bytes);
    this.#failsByError = true;
  }

  writeLog(level: number, bytes: Uint8Array): void {
    const { logBytes, logLines } = this.#limits;
    this.#logBytes += bytes.length;
    if (this.#logBytes > logBytes)
      this.fail({ code: 'LOG_BYTES_EXCEEDED', message: `A run logs at most ${logBytes} bytes.` });
    if (this.#logs.length >= logLines)
      this.fail({ code: 'LOG_LINES_EXCEEDED', message: `A run logs at most ${logLines} lines.` });
    this.#logs.push(readLogLine(level, bytes));
  }

  /** The number of the ask; compares it with the journal, or keeps it as new. */
  ask(kind: AskKind, bytes: Uint8Array, blocking = false): number {
    const number = this.#asked;
    const recorded = this.#journalAsks[number];
    const { asksPerCall } = this.#limits;
    if (number >= asksPerCall)
      this.fail({ code: 'ASKS_EXCEEDED', message: `A call asks at most ${asksPerCall} times.` });
    this.#askBytes += bytes.length;
    if (this.#askBytes > sandboxLimits.journalBytes)
      this.fail({
        code: 'JOURNAL_TOO_LARGE',
        message: `The asks of a call have at most ${sandboxLimits.journalBytes} bytes.`,
      });
    const digest = askDigest(kind, bytes);
    if (recorded === undefined) {
      const request = this.#askText(number, bytes);
      this.#asks.push({ number, kind, digest, blocking, request });
    } else if (recorded.kind !== kind || recorded.digest !== digest || recorded.blocking !== blocking) {
      const request = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 200)).toString('utf8');
      this.#differs(number, recorded.kind, `${recorded.kind} ${recorded.digest}`, `${kind} ${digest}`, request);
    }
    this.#asked = number + 1;
    return number;
  }

  /** The length of the answer, which `readBatch` then gives; ends the run if the journal has none yet. */
  askBlocking(kind: AskKind, bytes: Uint8Array): number {
    const number = this.ask(kind, bytes, true);
    const index = this.#batches.findIndex((batch, i) => !this.#taken[i] && batch.blocking && batch.asks[0] === number);
    if (index === -1) {
      this.#flag = { waits: true };
      throw new RunEnded();
    }
    this.#blockingAnswer = index;
    return this.#batches[index]?.bytes ?? 0;
  }

  /** The length of the next batch that is not the answer of a blocking ask, or -1. */
  batchLength(): number {
    const index = this.#nextBatch();
    return index === -1 ? -1 : (this.#batches[index]?.bytes ?? -1);
  }

  /** The text of the batch (or of the blocking answer) announced last; moves the clock to its time. */
  readBatch(): Uint8Array {
    const index = this.#blockingAnswer ?? this.#nextBatch();
    const batch = this.#batches[index];
    const text = this.#batchTexts[index];
    if (batch === undefined || text === undefined)
      this.fail({ code: 'PLUGIN_TRAP', message: 'batch_read without a batch' });
    this.#blockingAnswer = undefined;
    this.#taken[index] = true;
    this.#clock = Math.max(this.#clock, batch.at);
    for (const number of batch.asks) {
      const recorded = this.#journalAsks[number];
      if (number >= this.#asked && recorded !== undefined)
        this.#differs(number, recorded.kind, `${recorded.kind} ${recorded.digest}`, 'nothing', '');
    }
    return text;
  }

  #nextBatch(): number {
    return this.#batches.findIndex((batch, i) => !this.#taken[i] && !batch.blocking);
  }

  /** Whoever performs the ask may count on an object of JSON; whether it has the fields of its kind is theirs to see. */
  #askText(number: number, bytes: Uint8Array): string {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
    const problem = textProblem(bytes) ?? (isJsonObject(text) ? undefined : 'is not a JSON object');
    if (problem !== undefined) this.fail({ code: 'ASK_INVALID', message: `Ask ${number} ${problem}.` });
    return text;
  }

  #differs(number: number, kind: AskKind, expected: string, got: string, request: string): never {
    const said = request === '' ? '' : `: ${request}`;
    this.fail({
      code: 'NON_DETERMINISTIC',
      message: `Ask ${number} was ${kind} in an earlier run and is ${got.split(' ')[0] ?? ''} with another request now${said}`,
      ask: { number, kind, expected, got },
    });
  }

  /** What the run came to; `returned` is the export's i32, or what it threw. */
  result(
    returned: { code: number } | { thrown: unknown },
    usage: MemoryUsage,
  ): { header: Omit<ResultMessage, 'cpuMicros'>; output: Uint8Array | undefined } {
    const base = {
      id: this.id,
      memoryBytes: usage.memoryBytes,
      ...(this.#logs.length > 0 && { logs: this.#logs }),
    };
    const failed = (failure: RunFailure) => ({
      header: { ...base, status: 'failed' as const, failure },
      output: undefined,
    });
    const flag = this.#flag;
    if (flag !== undefined && !flag.waits) return failed(flag.failure);
    if (flag === undefined) {
      if ('thrown' in returned) return failed(trapFailure(returned.thrown, usage));
      if (returned.code !== 0 || this.#failsByError) return failed(errorFailure(this.#error, usage));
      if (this.#output !== undefined)
        return {
          header: { ...base, status: 'done', ...(this.#asks.length > 0 && { asks: this.#asks }) },
          output: this.#output,
        };
    }
    const answered = new Set(this.#batches.flatMap((batch) => batch.asks));
    const waitingFor: number[] = [];
    for (let number = 0; number < this.#asked; number++) if (!answered.has(number)) waitingFor.push(number);
    if (waitingFor.length === 0)
      return failed({ code: 'STALLED', message: 'The run ended without output, error or open request.' });
    return { header: { ...base, status: 'open', asks: this.#asks, waitingFor }, output: undefined };
  }
}

const NO_BYTES = new Uint8Array();
const MAX_ERROR_BYTES = 16 * 1024;

/** Thrown by imports of a flagged run. What counts is the flag: the guest may catch this. */
export class RunEnded extends Error {
  override name = 'RunEnded';
}
