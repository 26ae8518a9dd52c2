import { dedupKey, eventOf, firstText, severityOf, textOf } from '@patchbay/plugin-sdk';
import type { Issue, Reading } from '@patchbay/plugin-sdk';
import { meaningOf, type Meaning } from './meaning.ts';
import type { PaypalEvent } from './paypal.schema.ts';

type Fields = Record<string, unknown>;

const part = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

/** What becomes of an event. `events` are the operator's own meanings by type. */
export function paypalEvent(event: PaypalEvent, events: Fields): Reading | { issues: Issue[] } {
  const type = event.event_type.trim().toUpperCase();
  const resource = event.resource ?? {};
  const own = Object.hasOwn(events, type) ? events[type] : undefined;
  if (own === 'ignore') return { ignored: `The settings leave out "${type.slice(0, 100)}"` };
  const meaning = ownMeaning(own) ?? meaningOf(type, resource) ?? subscriptionPaid(type, resource);
  if (meaning === undefined) return { ignored: `"${type.slice(0, 100)}" tells of no problem and of no end of one` };
  const id = resourceId(type, resource);
  if (id === undefined)
    return { issues: [{ path: 'resource.id', message: 'Missing: expected the id of the resource' }] };
  const sum = amountOf(resource);
  const reason = firstText(
    resource.reason,
    resource.reason_code,
    part(resource.status_details).reason,
    part(resource.errors).message,
    resource.status_change_note,
  );
  const headline = textOf(event.summary) ?? type.toLowerCase().replace(/[._-]+/g, ' ');
  const merchant = firstText(part(resource.payee).merchant_id, merchantOf(resource));
  return eventOf({
    action: meaning === 'resolve' ? 'resolve' : 'trigger',
    key: dedupKey('paypal', familyOf(type), id),
    summary: [[headline, sum, reason].filter((text) => text !== undefined).join(': ')],
    source: [merchant, 'PayPal'],
    severity: meaning === 'resolve' ? 'info' : meaning,
    kind: type,
    component: event.resource_type,
    group: merchant,
    timestamp: event.create_time,
    links: [[pageOf(type, id, resource), 'PayPal']],
    // Names and addresses of customers stay out of the details.
    details: {
      type,
      resource: id,
      status: firstText(resource.status, resource.state, resource.transaction_status) ?? null,
      amount: sum ?? null,
      reason: reason ?? null,
      stage: textOf(resource.dispute_life_cycle_stage) ?? null,
      answerBy: textOf(resource.seller_response_due_date) ?? null,
    },
  });
}

function ownMeaning(word: unknown): Meaning | undefined {
  return word === 'resolve' ? 'resolve' : severityOf(word);
}

/** The payment of a subscription ends what its failed payment opened. */
function subscriptionPaid(type: string, resource: Fields): Meaning | undefined {
  return type === 'PAYMENT.SALE.COMPLETED' && textOf(resource.billing_agreement_id) !== undefined
    ? 'resolve'
    : undefined;
}

function resourceId(type: string, resource: Fields): string | undefined {
  if (type.includes('.DISPUTE.')) return firstText(resource.dispute_id, resource.id);
  if (type === 'PAYMENT.SALE.COMPLETED') return firstText(resource.billing_agreement_id, resource.id);
  return firstText(
    resource.id,
    resource.payout_item_id,
    part(resource.batch_header).payout_batch_id,
    resource.dispute_id,
    resource.merchant_id,
  );
}

/** Ids of kinds of resources could be the same; a subscription's payments belong to the subscription. */
function familyOf(type: string): string {
  if (type.startsWith('BILLING.SUBSCRIPTION.') || type === 'PAYMENT.SALE.COMPLETED') return 'subscription';
  return type.split('.').slice(0, -1).pop()?.toLowerCase() ?? 'event';
}

function amountOf(resource: Fields): string | undefined {
  const amount = part(
    resource.amount ??
      resource.dispute_amount ??
      part(resource.payout_item).amount ??
      part(resource.batch_header).amount,
  );
  const value = firstText(amount.value, amount.total);
  const currency = firstText(amount.currency_code, amount.currency);
  return value === undefined
    ? undefined
    : [value, currency]
        .filter((text) => text !== undefined)
        .join(' ')
        .slice(0, 60);
}

function merchantOf(resource: Fields): string | undefined {
  const transactions = Array.isArray(resource.disputed_transactions) ? resource.disputed_transactions : [];
  return textOf(part(part(transactions[0]).seller).merchant_id);
}

function pageOf(type: string, id: string, resource: Fields): string | undefined {
  const isSandbox = JSON.stringify(resource.links ?? '').includes('sandbox.paypal.com');
  const site = `https://www.${isSandbox ? 'sandbox.' : ''}paypal.com`;
  if (!/^[\w-]{1,60}$/.test(id)) return undefined;
  if (type.includes('.DISPUTE.')) return `${site}/resolutioncenter/view/${id}`;
  return /^PAYMENT\.(CAPTURE|SALE|AUTHORIZATION)\./.test(type) && type !== 'PAYMENT.SALE.COMPLETED'
    ? `${site}/activity/payment/${id}`
    : undefined;
}
