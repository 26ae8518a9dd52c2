import { capabilities, type Capability } from '../contract/permissions.ts';

/**
 * The engine exists once for each set of capabilities: a variant imports nothing of a capability outside its set.
 * Its name lists them in the fixed order of `capabilities`.
 */
export function variantName(granted: readonly Capability[]): string {
  const names = capabilities.filter((capability) => granted.includes(capability));
  return names.length === 0 ? 'pure' : names.join('-');
}

/** All sets of capabilities, the empty one first. */
export function capabilitySets(): Capability[][] {
  return Array.from({ length: 2 ** capabilities.length }, (_, bits) =>
    capabilities.filter((_capability, position) => (bits & (1 << position)) !== 0),
  );
}
