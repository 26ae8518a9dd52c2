type Listener = (event: { type: 'abort'; target: AbortSignal }) => void;
type SetTimer = (callback: () => void, ms: number) => void;

const CREATE = Symbol('create');
/** Set by the class, which alone can reach its private state. */
let trigger: (signal: AbortSignal, reason?: unknown) => void;
let setTimer: SetTimer | undefined;

/** AbortSignal.timeout needs the schedule capability; without it the given function throws. */
export function connectAbortTimer(timer: SetTimer): void {
  setTimer = timer;
}

/** https://dom.spec.whatwg.org/#interface-AbortSignal */
export class AbortSignal {
  #aborted = false;
  #reason: unknown;
  #listeners = new Set<Listener>();
  onabort: Listener | null = null;

  constructor(key?: symbol) {
    if (key !== CREATE) throw new TypeError('Use AbortController, AbortSignal.timeout or AbortSignal.any');
  }

  get aborted(): boolean {
    return this.#aborted;
  }
  get reason(): unknown {
    return this.#reason;
  }
  throwIfAborted(): void {
    if (this.#aborted) throw this.#reason;
  }
  addEventListener(type: string, listener: Listener): void {
    if (type === 'abort') this.#listeners.add(listener);
  }
  removeEventListener(_type: string, listener: Listener): void {
    this.#listeners.delete(listener);
  }

  static abort(reason?: unknown): AbortSignal {
    const signal = createSignal();
    trigger(signal, reason);
    return signal;
  }
  static timeout(ms: number): AbortSignal {
    const signal = createSignal();
    setTimer?.(() => trigger(signal, new DOMException(`Not done within ${ms} ms`, 'TimeoutError')), ms);
    return signal;
  }
  static any(signals: Iterable<AbortSignal>): AbortSignal {
    const joined = createSignal();
    for (const signal of signals) {
      if (signal.aborted) trigger(joined, signal.reason);
      else signal.addEventListener('abort', () => trigger(joined, signal.reason));
    }
    return joined;
  }

  static {
    trigger = (signal, reason) => {
      if (signal.#aborted) return;
      signal.#aborted = true;
      signal.#reason = reason ?? new DOMException('The operation was aborted', 'AbortError');
      const event = { type: 'abort' as const, target: signal };
      signal.onabort?.(event);
      for (const listener of signal.#listeners) listener(event);
      signal.#listeners.clear();
    };
  }
}

function createSignal(): AbortSignal {
  return new AbortSignal(CREATE);
}

export class AbortController {
  readonly signal = createSignal();

  abort(reason?: unknown): void {
    trigger(this.signal, reason);
  }
}
