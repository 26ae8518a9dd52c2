import { ABI_CUSTOM_SECTION } from '../contract/abi.ts';
import type { ModuleShape } from './module-reader.ts';

/**
 * True when memory and exported globals are all the state that an instance has, so that putting them back gives the
 * first state again: the module is of our engine, every mutable global is exported, and there are no segments that can
 * be dropped.
 */
export function isRestorable(shape: ModuleShape): boolean {
  if (!shape.customs.some(({ name }) => name === ABI_CUSTOM_SECTION)) return false;
  if (shape.passiveSegments > 0) return false;
  const exported = new Set(shape.exports.filter(({ kind }) => kind === 'global').map(({ index }) => index));
  return shape.globals.every(({ mutable }, index) => !mutable || exported.has(index));
}
