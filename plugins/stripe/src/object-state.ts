import { textOf } from '@patchbay/plugin-sdk';
import type { Severity } from '@patchbay/plugin-sdk';

type Fields = Record<string, unknown>;

const DISPUTE_OVER = new Set(['won', 'lost', 'warning_closed', 'charge_refunded', 'prevented']);
const SUBSCRIPTION_BAD: Record<string, Severity> = {
  past_due: 'warning',
  incomplete: 'warning',
  unpaid: 'error',
  incomplete_expired: 'error',
};

/** What the status of an object says, for the types of event that come with good and with bad news. */
export function objectState(object: Fields, previous: Fields): Severity | 'resolve' | undefined {
  const status = textOf(object.status) ?? '';
  switch (object.object) {
    case 'dispute':
      return DISPUTE_OVER.has(status) ? 'resolve' : 'error';
    case 'subscription':
      return subscriptionState(status, textOf(previous.status));
    case 'refund':
      if (status === 'failed') return 'error';
      return status === 'succeeded' || status === 'canceled' ? 'resolve' : undefined;
    case 'radar.early_fraud_warning':
      return object.actionable === false ? 'resolve' : undefined;
    default:
      return undefined;
  }
}

/** A subscription is updated for many reasons; only leaving a bad status is good news. */
function subscriptionState(status: string, before: string | undefined): Severity | 'resolve' | undefined {
  if (Object.hasOwn(SUBSCRIPTION_BAD, status)) return SUBSCRIPTION_BAD[status];
  return before !== undefined && Object.hasOwn(SUBSCRIPTION_BAD, before) ? 'resolve' : undefined;
}
