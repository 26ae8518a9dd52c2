import type { Installation } from '@patchbay/plugin-sdk/contract/rest/plugins';

/** When the update of an installation may be taken, in ms; null when there is none, and when it may be taken now. */
export function heldUntil({ eligibleAt }: Pick<Installation, 'eligibleAt'>, nowMs: number): number | null {
  const at = eligibleAt === null ? NaN : Date.parse(eligibleAt);
  return at > nowMs ? at : null;
}
