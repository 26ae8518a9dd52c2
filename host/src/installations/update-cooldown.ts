import type { ApprovalStatement } from '@patchbay/plugin-sdk/package/statement';
import { ApiError } from '../api/api-error.ts';

const HOUR_MS = 60 * 60 * 1000;

type Approval = Pick<ApprovalStatement, 'id' | 'version' | 'approvedAt' | 'cooldownSeconds'>;

/**
 * When an installation may be updated to a version. It counts from the time that the registry signed with the approval,
 * for as long as the recorded policy says that approved it, or else as this host is set.
 *
 * @returns null when the time has come, and on a host that holds no updates
 * @throws ApiError when no time can be read from what was signed
 */
export function eligibleAt(approval: Approval, cooldownHours: number, now = new Date()): Date | null {
  if (cooldownHours === 0) return null;
  const approvedAt = Date.parse(approval.approvedAt);
  if (Number.isNaN(approvedAt))
    throw new ApiError('PACKAGE_TAMPERED', `The approval of ${approval.id} ${approval.version} says no time.`);
  const cooldownMs = approval.cooldownSeconds === undefined ? cooldownHours * HOUR_MS : approval.cooldownSeconds * 1000;
  // Without a cooldown, a registry whose clock is ahead of ours holds nothing.
  if (cooldownMs === 0) return null;
  const at = new Date(approvedAt + cooldownMs);
  return at.getTime() <= now.getTime() ? null : at;
}
