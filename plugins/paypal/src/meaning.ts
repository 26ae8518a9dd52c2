import { textOf } from '@patchbay/plugin-sdk';
import type { Severity } from '@patchbay/plugin-sdk';

export type Meaning = Severity | 'resolve';

/** Types of event whose last word does not say enough: https://developer.paypal.com/api/rest/webhooks/event-names/ */
const KNOWN: Record<string, Meaning> = {
  'BILLING.SUBSCRIPTION.ACTIVATED': 'resolve',
  'BILLING.SUBSCRIPTION.RE-ACTIVATED': 'resolve',
  'BILLING.SUBSCRIPTION.SUSPENDED': 'error',
  'CHECKOUT.PAYMENT-APPROVAL.REVERSED': 'warning',
  'CUSTOMER.ACCOUNT-LIMITATION.ADDED': 'error',
  'CUSTOMER.ACCOUNT-LIMITATION.ESCALATED': 'error',
  'CUSTOMER.ACCOUNT-LIMITATION.LIFTED': 'resolve',
  'CUSTOMER.DISPUTE.CREATED': 'error',
  'CUSTOMER.DISPUTE.RESOLVED': 'resolve',
  'MERCHANT.PARTNER-CONSENT.REVOKED': 'warning',
  'PAYMENT.CAPTURE.REVERSED': 'error',
  'PAYMENT.PAYOUTS-ITEM.BLOCKED': 'warning',
  'PAYMENT.PAYOUTS-ITEM.HELD': 'warning',
  'PAYMENT.PAYOUTS-ITEM.RETURNED': 'warning',
  'PAYMENT.PAYOUTS-ITEM.UNCLAIMED': 'warning',
  'PAYMENT.PAYOUTS-ITEM.SUCCEEDED': 'resolve',
  'PAYMENT.PAYOUTS-ITEM.CANCELED': 'resolve',
  'PAYMENT.SALE.REVERSED': 'error',
  'RISK.DISPUTE.CREATED': 'error',
  'RISK.DISPUTE.RESOLVED': 'resolve',
};

/** The last word of a type, for all others. */
const LAST_WORDS: Record<string, Meaning> = {
  DENIED: 'error',
  DECLINED: 'error',
  FAILED: 'error',
  BLOCKED: 'warning',
  RESOLVED: 'resolve',
};

/** What an event means; undefined for business as usual. A dispute that changes says by its status how it stands. */
export function meaningOf(type: string, resource: Record<string, unknown>): Meaning | undefined {
  if (Object.hasOwn(KNOWN, type)) return KNOWN[type];
  if (/^(CUSTOMER|RISK)\.DISPUTE\.UPDATED$/.test(type))
    return textOf(resource.status)?.toUpperCase() === 'RESOLVED' ? 'resolve' : 'error';
  const last = type.slice(type.lastIndexOf('.') + 1);
  return Object.hasOwn(LAST_WORDS, last) ? LAST_WORDS[last] : undefined;
}
