import type { EventRule } from '@patchbay/plugin-sdk/contract/event-rules';
import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import { ApiError } from '../api/api-error.ts';
import type { Ingest } from '../ingest/create-ingest.ts';

/** @throws ApiError BODY_INVALID with the place of each mistake; none of these rules is then kept */
export async function checkRules(
  ingest: Pick<Ingest, 'checkRules'>,
  groupId: GroupId,
  rules: readonly EventRule[],
): Promise<void> {
  if (rules.length === 0) return;
  const checked = await ingest.checkRules(groupId, rules);
  if (!checked.ok) {
    if (checked.fault === 'sandbox') throw new ApiError('SANDBOX_UNAVAILABLE');
    throw new ApiError('BODY_INVALID', 'The rules could not be checked.', {
      details: [{ path: 'rules', message: checked.reason }],
    });
  }
  if (checked.problems.length > 0)
    throw new ApiError('BODY_INVALID', 'A rule has a mistake.', { details: checked.problems });
}
