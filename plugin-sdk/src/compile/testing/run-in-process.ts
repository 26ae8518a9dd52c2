import type { AskAnswer, AskKind, Journal } from '../../contract/journal.ts';
import type { PluginExport } from '../../contract/manifest.ts';
import type { LogLine } from '../../contract/run.ts';
import { logLevels } from '../../contract/abi.ts';

/**
 * Runs a compiled plugin in this process, for tests of the compiler and the guest: no limits, no isolation, and a
 * journal that only keeps the text of the asks. What ships is src/sandbox.
 */
export interface TestAsk {
  kind: AskKind;
  request: string;
}

export interface TestJournal extends Pick<Journal, 'batches'> {
  asks: TestAsk[];
  /** A parked instance: called when the batches are used up, may add one, knowing the asks so far. */
  more?: (asks: readonly TestAsk[]) => void;
}

export interface TestRun {
  /** What the export returned: 0 is success. */
  code: number;
  output: unknown;
  error: { name: string; message: string; stack?: string; code?: string } | undefined;
  asks: TestAsk[];
  logs: LogLine[];
  memoryGrew: boolean;
}

type PluginExports = Record<string, unknown> & { memory: WebAssembly.Memory; __stack_pointer: WebAssembly.Global };

export const START = 1_750_000_000_000;
const PAGE_BYTES = 65_536;

/** The flag of a blocking ask that has no answer yet. */
class Unanswered extends Error {}

export class TestPlugin {
  readonly #exports: PluginExports;
  readonly #pristine: Uint8Array;
  readonly #stackPointer: unknown;
  #input = new Uint8Array();
  #journal: TestJournal = { asks: [], batches: [] };
  #run: TestRun = emptyRun();
  #batch = 0;
  #blocked: string | undefined;
  #time = START;
  seed = new Uint8Array(32).fill(7);

  constructor(wasm: Uint8Array) {
    const module = new WebAssembly.Module(new Uint8Array(wasm));
    const imports: Record<string, Record<string, unknown>> = { 'patchbay:io': this.#io() };
    for (const kind of ['http', 'store', 'emit', 'schedule'] as const)
      imports[`patchbay:${kind}`] = {
        ask: (pointer: number, length: number) => this.#ask(kind, pointer, length),
        ask_blocking: (pointer: number, length: number) => this.#askBlocking(kind, pointer, length),
      };
    this.#exports = new WebAssembly.Instance(module, imports).exports as PluginExports;
    this.#pristine = this.#memory().slice();
    this.#stackPointer = this.#exports.__stack_pointer.value;
  }

  run(name: PluginExport, input: unknown, journal: TestJournal = { asks: [], batches: [] }): TestRun {
    this.#input = new TextEncoder().encode(JSON.stringify(input));
    this.#journal = journal;
    this.#run = emptyRun();
    this.#batch = 0;
    this.#time = START;
    try {
      this.#run.code = (this.#exports[name] as () => number)();
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
    }
    this.#run.memoryGrew = this.#memory().length > this.#pristine.length;
    this.#memory().fill(0);
    this.#memory().set(this.#pristine);
    this.#exports.__stack_pointer.value = this.#stackPointer;
    return this.#run;
  }

  get pages(): number {
    return this.#pristine.length / PAGE_BYTES;
  }

  #io() {
    const read = (pointer: number, length: number) =>
      new TextDecoder('utf-8', { fatal: true }).decode(this.#memory().slice(pointer, pointer + length));
    return {
      input_length: () => this.#input.length,
      input_read: (pointer: number) => this.#memory().set(this.#input, pointer),
      output_write: (pointer: number, length: number) => {
        this.#run.output = JSON.parse(read(pointer, length));
      },
      error_write: (pointer: number, length: number) => {
        this.#run.error = JSON.parse(read(pointer, length)) as NonNullable<TestRun['error']>;
      },
      batch_length: () => {
        if (this.#batch >= this.#journal.batches.length) this.#journal.more?.(this.#run.asks);
        const batch = this.#journal.batches[this.#batch];
        return batch === undefined ? -1 : new TextEncoder().encode(JSON.stringify(batch.answers)).length;
      },
      batch_read: (pointer: number) => {
        if (this.#blocked !== undefined) {
          this.#memory().set(new TextEncoder().encode(this.#blocked), pointer);
          this.#blocked = undefined;
          return;
        }
        const batch = this.#journal.batches[this.#batch++];
        if (batch === undefined) throw new Error('There is no batch to read');
        this.#time = batch.at;
        this.#memory().set(new TextEncoder().encode(JSON.stringify(batch.answers)), pointer);
      },
      now: () => {
        this.#time += 0.001;
        return this.#time;
      },
      seed_read: (pointer: number) => this.#memory().set(this.seed, pointer),
      log_write: (level: number, pointer: number, length: number) => {
        const line = JSON.parse(read(pointer, length)) as Omit<LogLine, 'level'>;
        this.#run.logs.push({ level: logLevels[level] ?? 'error', ...line });
      },
    };
  }

  #memory(): Uint8Array {
    return new Uint8Array(this.#exports.memory.buffer);
  }

  #ask(kind: AskKind, pointer: number, length: number): number {
    const request = new TextDecoder().decode(this.#memory().slice(pointer, pointer + length));
    const number = this.#run.asks.length;
    const known = this.#journal.asks[number];
    if (known !== undefined && (known.kind !== kind || known.request !== request))
      throw new Error(`Ask ${number} differs: ${known.kind} ${known.request} became ${kind} ${request}`);
    this.#run.asks.push({ kind, request });
    return number;
  }

  #askBlocking(kind: AskKind, pointer: number, length: number): number {
    const number = this.#ask(kind, pointer, length);
    const batch = this.#journal.batches[this.#batch];
    const answer = batch?.answers.find(([ask]) => ask === number)?.[1];
    if (batch === undefined || answer === undefined) throw new Unanswered();
    this.#batch++;
    this.#time = batch.at;
    this.#blocked = JSON.stringify(answer satisfies AskAnswer);
    return new TextEncoder().encode(this.#blocked).length;
  }
}

function emptyRun(): TestRun {
  return { code: -1, output: undefined, error: undefined, asks: [], logs: [], memoryGrew: false };
}
