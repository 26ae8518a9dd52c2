import type { Severity } from '@patchbay/plugin-sdk';

/** What a type of event means: a severity opens, `state` looks at the object's status. */
export type Meaning = Severity | 'resolve' | 'state';

/**
 * The types that tell of a problem or of its end: https://docs.stripe.com/api/events/types
 * An object's id stays the same from its failure to its success.
 */
export const EVENT_TYPES: Record<string, Meaning> = {
  'charge.failed': 'error',
  'charge.succeeded': 'resolve',
  'charge.dispute.created': 'error',
  'charge.dispute.updated': 'state',
  'charge.dispute.funds_withdrawn': 'state',
  // The money is back once a dispute is over, whatever status the dispute still has.
  'charge.dispute.funds_reinstated': 'resolve',
  'charge.dispute.closed': 'resolve',
  'charge.refund.updated': 'state',
  'refund.created': 'state',
  'refund.updated': 'state',
  'refund.failed': 'error',
  'checkout.session.async_payment_failed': 'error',
  'checkout.session.async_payment_succeeded': 'resolve',
  'customer.subscription.updated': 'state',
  'customer.subscription.deleted': 'resolve',
  'identity.verification_session.requires_input': 'warning',
  'identity.verification_session.verified': 'resolve',
  'identity.verification_session.canceled': 'resolve',
  'invoice.payment_failed': 'error',
  'invoice.payment_action_required': 'warning',
  'invoice.finalization_failed': 'error',
  'invoice.overdue': 'warning',
  'invoice.paid': 'resolve',
  'invoice.payment_succeeded': 'resolve',
  'invoice.voided': 'resolve',
  'invoice.marked_uncollectible': 'resolve',
  'order.payment_failed': 'error',
  'order.payment_succeeded': 'resolve',
  'payment_intent.payment_failed': 'error',
  'payment_intent.succeeded': 'resolve',
  'payment_intent.canceled': 'resolve',
  'payout.failed': 'error',
  'payout.paid': 'resolve',
  'payout.canceled': 'resolve',
  'radar.early_fraud_warning.created': 'warning',
  'radar.early_fraud_warning.updated': 'state',
  'reporting.report_run.failed': 'warning',
  'reporting.report_run.succeeded': 'resolve',
  'review.opened': 'warning',
  'review.closed': 'resolve',
  'setup_intent.setup_failed': 'warning',
  'setup_intent.succeeded': 'resolve',
  'setup_intent.canceled': 'resolve',
  'source.failed': 'warning',
  'source.chargeable': 'resolve',
  'topup.failed': 'error',
  'topup.succeeded': 'resolve',
  'topup.canceled': 'resolve',
  'transfer.failed': 'error',
  'transfer.paid': 'resolve',
  'treasury.inbound_transfer.failed': 'error',
  'treasury.inbound_transfer.succeeded': 'resolve',
  'treasury.outbound_payment.failed': 'error',
  'treasury.outbound_payment.returned': 'error',
  'treasury.outbound_payment.posted': 'resolve',
  'treasury.outbound_transfer.failed': 'error',
  'treasury.outbound_transfer.returned': 'error',
  'treasury.outbound_transfer.posted': 'resolve',
};

/** A type that is not in the table: a failure is one whatever failed. */
export function isFailure(type: string): boolean {
  return /[._]failed$/.test(type) || type.endsWith('.error_report_triggered');
}
