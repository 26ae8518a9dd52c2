import type { Installation } from '@patchbay/plugin-sdk/contract/rest/plugins';

/** What an installation can be updated to at this moment, and the newer version that it has to wait for. */
export interface OfferedUpdate {
  available: string | null;
  held: (NonNullable<Installation['heldUpdate']> & { untilMs: number }) | null;
}

/** A held version is one like any other when its time has come, also on a page that was opened before. */
export function offeredUpdate(
  { updateAvailable, heldUpdate }: Pick<Installation, 'updateAvailable' | 'heldUpdate'>,
  nowMs: number,
): OfferedUpdate {
  if (heldUpdate === null) return { available: updateAvailable, held: null };
  const untilMs = Date.parse(heldUpdate.eligibleAt);
  return untilMs > nowMs
    ? { available: updateAvailable, held: { ...heldUpdate, untilMs } }
    : { available: heldUpdate.version, held: null };
}
