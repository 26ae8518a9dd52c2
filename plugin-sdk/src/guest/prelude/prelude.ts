import { guardClock } from './clock.ts';
import { installRandomness } from './randomness.ts';
import { createRunLoop, describe, exportNames } from './run-loop.ts';
import { firstViolation, leaveTopLevel } from './top-level.ts';
import type { Native } from './native.ts';

/** What the compiler gets hold of: the run's step function, and what it needs while it builds. */
export interface Prelude {
  step: (operation: number, value: unknown) => number;
  /** Takes the value of the plugin's bundle; gives JSON: the names of its exports, or the first forbidden use. */
  adopt: (bundle: unknown) => string;
  /** An error as JSON text. */
  describe: (thrown: unknown) => string;
}

/** Evaluated once, when a plugin is compiled, before the plugin's own code. */
export function install(native: Native): Prelude {
  const loop = createRunLoop(native);
  installRandomness(native);
  const restoreClock = guardClock();

  const adopt = (bundle: unknown): string => {
    const violation = firstViolation();
    if (violation !== undefined) return JSON.stringify({ violation: JSON.parse(describe(violation)) });
    const found = Object(Object(bundle).default) as Record<string, unknown>;
    const names = exportNames.filter((name) => typeof found[name] === 'function');
    loop.register(Object.fromEntries(names.map((name) => [name, found[name]])) as Record<string, () => unknown>);
    restoreClock();
    leaveTopLevel();
    return JSON.stringify({ exports: names });
  };
  return { step: loop.step, adopt, describe };
}
