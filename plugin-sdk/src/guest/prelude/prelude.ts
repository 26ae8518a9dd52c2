import { AbortController, AbortSignal, connectAbortTimer } from './abort.ts';
import { createAsk } from './ask.ts';
import { guardClock } from './clock.ts';
import { createConsole, createLog } from './console.ts';
import { encodingGlobals } from './encoding.ts';
import { extismGlobals } from './extism.ts';
import { createFetch } from './fetch.ts';
import { Headers } from './headers.ts';
import { cryptoGlobal } from './randomness.ts';
import { Response } from './response.ts';
import { createRunLoop, describe, exportNames } from './run-loop.ts';
import { CryptoKey } from './subtle-crypto.ts';
import { structuredClone } from './structured-clone.ts';
import { createTimers } from './timers.ts';
import { firstViolation, leaveTopLevel } from './top-level.ts';
import { URL } from './url/url.ts';
import { URLSearchParams } from './url/url-search-params.ts';
import { RUNTIME, type Runtime } from '../runtime.ts';
import type { Native } from './native.ts';

/** What the compiler gets hold of: the run's step function, and what it needs while it builds. */
export interface Prelude {
  step: (operation: number, value: unknown) => number;
  /** Takes the value of the plugin's bundle; gives JSON: the names of its exports, or the first forbidden use. */
  adopt: (bundle: unknown) => string;
  /** An error as JSON text. */
  describe: (thrown: unknown) => string;
}

/**
 * Evaluated once, when a plugin is compiled, before the plugin's own code.
 *
 * @param hashesSource what `crypto.subtle` evaluates at its first use
 */
export function install(hashesSource: string, native: Native): Prelude {
  const loop = createRunLoop(native);
  const log = createLog(native);
  const timers = createTimers(loop);
  const runtime: Runtime = { ask: createAsk(loop), log };
  connectAbortTimer(timers.setTimeout);
  const restoreClock = guardClock();
  const globals = {
    ...encodingGlobals(native),
    ...extismGlobals(native, loop),
    ...timers,
    ...{ AbortController, AbortSignal, CryptoKey, Headers, Response, URL, URLSearchParams, structuredClone },
    console: createConsole(log),
    crypto: cryptoGlobal(native, hashesSource),
    fetch: createFetch(loop),
    [RUNTIME]: runtime,
  };
  for (const name of Reflect.ownKeys(globals))
    Object.defineProperty(globalThis, name, {
      value: globals[name as keyof typeof globals],
      writable: true,
      configurable: true,
    });

  const adopt = (bundle: unknown): string => {
    const violation = firstViolation();
    if (violation !== undefined) return JSON.stringify({ violation: JSON.parse(describe(violation)) as unknown });
    const found = handlersOf(bundle);
    const names = exportNames.filter((name) => typeof found[name] === 'function');
    loop.register(Object.fromEntries(names.map((name) => [name, found[name]])) as Record<string, () => unknown>);
    restoreClock();
    leaveTopLevel();
    return JSON.stringify({ exports: names });
  };
  return { step: loop.step, adopt, describe };
}

/** The default export, or the module's own exports, as a plugin for @extism/js-pdk has them. */
function handlersOf(bundle: unknown): Record<string, unknown> {
  const exported = Object(bundle) as Record<string, unknown>;
  return Object(exported.default ?? exported) as Record<string, unknown>;
}
