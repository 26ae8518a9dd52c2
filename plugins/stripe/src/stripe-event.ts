import { dedupKey, eventOf, firstText, textOf } from '@patchbay/plugin-sdk';
import type { Issue, Reading, Severity } from '@patchbay/plugin-sdk';
import { EVENT_TYPES, isFailure } from './event-types.ts';
import { money } from './money.ts';
import { objectState } from './object-state.ts';
import type { Settings } from './settings.ts';
import type { StripeEvent } from './stripe.schema.ts';

type Fields = Record<string, unknown>;

const part = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

/** Pages of the dashboard by kind of object. */
const PAGES: Record<string, string> = {
  charge: 'payments',
  payment_intent: 'payments',
  invoice: 'invoices',
  dispute: 'disputes',
  payout: 'payouts',
  subscription: 'subscriptions',
  topup: 'topups',
  review: 'radar/reviews',
};

/** What becomes of an event: its type says what happened, and for some types the object's status. */
export function stripeEvent(event: StripeEvent, settings: Settings): Reading | { issues: Issue[] } {
  const object = { ...part(event.related_object), ...part(event.data?.object) };
  const meaning = meaningOf(event, object, settings);
  if (meaning === 'ignore') return { ignored: `The settings leave out "${event.type.slice(0, 100)}"` };
  if (meaning === undefined)
    return { ignored: `"${event.type.slice(0, 100)}" tells of no problem and of no end of one` };
  if (event.livemode === false && settings.ignoreTestMode)
    return { ignored: 'The event is of test mode, which the settings leave out' };
  const id = objectId(event, object);
  if (id === undefined)
    return { issues: [{ path: 'data.object.id', message: 'Missing: expected the id of the object' }] };
  const kind = textOf(object.object) ?? textOf(object.type) ?? event.type.split('.')[0] ?? 'object';
  const sum = money(object.amount_due ?? object.amount_remaining ?? object.amount, object.currency);
  const reason = reasonOf(object);
  const place = firstText(event.account, event.context);
  const mode = event.livemode === false ? 'test' : 'live';
  return eventOf({
    action: meaning === 'resolve' ? 'resolve' : 'trigger',
    key: dedupKey('stripe', place ?? 'account', mode, id),
    summary: [[headline(event.type), sum, reason].filter((text) => text !== undefined).join(': ')],
    source: [place, 'Stripe'],
    severity: meaning === 'resolve' ? 'info' : meaning,
    kind: event.type,
    component: kind,
    group: mode === 'test' ? 'test mode' : place,
    timestamp: event.created,
    links: [[pageOf(kind, textOf(object.id), mode), 'Stripe dashboard']],
    // Names, addresses and cards stay out of the details.
    details: {
      type: event.type,
      object: textOf(object.id) ?? id,
      status: textOf(object.status) ?? null,
      amount: sum ?? null,
      reason: reason ?? null,
      customer: textOf(object.customer) ?? null,
      livemode: event.livemode ?? null,
      due: part(object.evidence_details).due_by ?? object.due_date ?? null,
    },
  });
}

function meaningOf(
  event: StripeEvent,
  object: Fields,
  settings: Settings,
): Severity | 'resolve' | 'ignore' | undefined {
  const own = settings.meanings.get(event.type);
  if (own !== undefined) return own;
  const known = Object.hasOwn(EVENT_TYPES, event.type) ? EVENT_TYPES[event.type] : undefined;
  if (known === 'state') return objectState(object, part(event.data?.previous_attributes));
  return known ?? (isFailure(event.type) ? settings.defaultSeverity : undefined);
}

/** A charge belongs to its payment: the next attempt is another charge of the same payment. */
function objectId(event: StripeEvent, object: Fields): string | undefined {
  if (event.type.startsWith('charge.dispute.')) return firstText(object.id, object.charge);
  if (event.type === 'charge.failed' || event.type === 'charge.succeeded')
    return firstText(object.payment_intent, part(object.payment_intent).id, object.id);
  return textOf(object.id);
}

/** `invoice.payment_failed` reads as "Invoice payment failed". */
function headline(type: string): string {
  const words = type.replace(/[._]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function reasonOf(object: Fields): string | undefined {
  const failure = part(object.last_payment_error ?? object.last_setup_error ?? object.last_finalization_error);
  return firstText(
    failure.message,
    object.failure_message,
    object.failure_reason,
    object.failure_code,
    object.reason,
    object.fraud_type,
    object.number,
  );
}

function pageOf(kind: string, id: string | undefined, mode: 'test' | 'live'): string | undefined {
  const page = Object.hasOwn(PAGES, kind) ? PAGES[kind] : undefined;
  if (page === undefined || id === undefined || !/^\w{1,100}$/.test(id)) return undefined;
  return `https://dashboard.stripe.com/${mode === 'test' ? 'test/' : ''}${page}/${id}`;
}
