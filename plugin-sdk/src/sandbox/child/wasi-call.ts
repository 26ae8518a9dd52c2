import { createCipheriv, type Cipher } from 'node:crypto';
import { sandboxLimits } from '../../contract/limits.ts';
import { RunEnded, type RunState } from './run-state.ts';

/** What WASI gets to see of a run, or of the fixed world in which a module is started. */
export type WasiWorld = Pick<RunState, 'now' | 'seed' | 'fail' | 'exit' | 'writeLog'>;

const LINE_FEED = 10;
const INFO = 1;
const WARN = 2;
const levelOf = [INFO, INFO, WARN];

/** What WASI's functions keep for one run: random bytes drawn from its seed, and lines that are not at their end. */
export class WasiCall {
  readonly world: WasiWorld;
  #cipher: Cipher | undefined;
  readonly #pending: (Buffer | undefined)[] = [];

  constructor(world: WasiWorld) {
    this.world = world;
  }

  /** The key stream of AES-256 in counter mode under the call's seed, so that a replay draws the same. */
  fillRandom(target: Uint8Array): void {
    this.#cipher ??= createCipheriv('aes-256-ctr', Buffer.from(this.world.seed, 'hex'), Buffer.alloc(16));
    target.set(this.#cipher.update(Buffer.alloc(target.length)));
  }

  /** Whole lines go to the log. @param descriptor 1 or 2 */
  write(descriptor: number, bytes: Uint8Array): void {
    const pending = this.#pending[descriptor];
    let rest: Buffer = Buffer.concat(pending === undefined ? [bytes] : [pending, bytes]);
    for (let end = rest.indexOf(LINE_FEED); end !== -1; end = rest.indexOf(LINE_FEED)) {
      this.world.writeLog(levelOf[descriptor] ?? INFO, rest.subarray(0, end));
      rest = rest.subarray(end + 1);
    }
    if (rest.length > sandboxLimits.logBytes)
      this.world.fail({ code: 'LOG_BYTES_EXCEEDED', message: `A run logs at most ${sandboxLimits.logBytes} bytes.` });
    this.#pending[descriptor] = rest.length === 0 ? undefined : rest;
  }

  /** The last line need not have an end. */
  flush(): void {
    this.#pending.splice(0).forEach((rest, descriptor) => {
      if (rest !== undefined) this.world.writeLog(levelOf[descriptor] ?? INFO, rest);
    });
  }
}

/** Thrown by proc_exit of a module that is started. */
export class StartEnded extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`it ended itself with code ${code}`);
    this.code = code;
  }
}

/** Starting a module gives the same each time: its clock stands at the epoch, its randomness and log are nothing. */
export function startWorld(): WasiWorld {
  let clock = 0;
  return {
    now: () => (clock += 0.001),
    seed: '00'.repeat(32),
    writeLog: () => undefined,
    fail: ({ message }) => {
      throw new RunEnded(message);
    },
    exit: (code) => {
      throw new StartEnded(code);
    },
  };
}
