import { ASK } from '../answered-ask.ts';
import { PatchbayError } from '../patchbay-error.ts';
import type { Answer, AskLetter, RunLoop } from './run-loop.ts';

/**
 * Settles a promise with an answer. The stack of an error is that of the place which asked: when the answer comes,
 * no frame of the plugin is left.
 */
export function rejected(reject: (error: unknown) => void, resolve: (value: unknown) => void) {
  const { stack } = new Error();
  return (answer: Answer, ask: number): void => {
    if ('ok' in answer) return resolve(answer.ok);
    const error = new PatchbayError(answer.error.code, answer.error.message);
    if (stack !== undefined) error.stack = stack;
    Object.defineProperty(error, ASK, { value: ask });
    reject(error);
  };
}

const letters: Record<string, AskLetter> = { http: 'h', store: 't', emit: 'm', schedule: 'c' };

export function createAsk(loop: RunLoop) {
  return (capability: string, request: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      loop.ask(letters[capability] as AskLetter, request, rejected(reject, resolve));
    });
}
