import type { EngineError } from './build-instance.ts';
import type { CompileError } from './bundle.ts';
import { firstAuthorPlace } from './map-stack.ts';

/** An error of code that ran in the engine, at its innermost place in the author's files. */
export function placedError(error: EngineError, sourceMap: string): CompileError {
  const message = error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
  return { message, ...firstAuthorPlace(error.stack ?? '', sourceMap) };
}
