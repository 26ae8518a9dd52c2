/**
 * Where an answer, or the error that came instead of one, keeps the number of its ask. A symbol, not a name: a plugin
 * hands answers over whole and has no use for the number.
 */
export const ASK = Symbol.for('patchbay.ask');

/** The number of the ask that this answers; undefined for what came from nowhere outside. */
export function askNumber(answer: unknown): number | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const number = (answer as { [ASK]?: unknown })[ASK];
  return typeof number === 'number' ? number : undefined;
}
