import { sleepAskSchema, type AskAnswer } from '@patchbay/plugin-sdk/contract/journal';
import type { Permissions } from '@patchbay/plugin-sdk/contract/permissions';

/** The refusal of a sleep that was not granted, or is none; null when the call may wait. */
export function sleepRefusal(permissions: Permissions, request: string): AskAnswer | null {
  const ask = sleepAskSchema.safeParse(JSON.parse(request));
  if (!ask.success)
    return { error: { code: 'REQUEST_REFUSED', message: 'This is no sleep, or longer than any may be' } };
  const granted = permissions.schedule?.maxDelaySeconds ?? 0;
  if (ask.data.ms <= granted * 1000) return null;
  return { error: { code: 'PERMISSION_DENIED', message: `The plugin may pause for at most ${granted} seconds` } };
}
