import { firstText, textOf } from '@patchbay/plugin-sdk';
import type { Severity } from '@patchbay/plugin-sdk';

type Fields = Record<string, unknown>;

export type Meaning = Severity | 'resolve';

const DISPUTE_OVER = new Set(['won', 'lost', 'accepted', 'charge_refunded', 'prevented']);

/** What the topics that tell of problems mean, where need be by the status of the resource; undefined for the others. */
export function topicMeaning(topic: string, body: Fields): Meaning | undefined {
  const status = textOf(body.status)?.toLowerCase() ?? '';
  switch (topic) {
    case 'disputes/create':
    case 'disputes/update':
      return DISPUTE_OVER.has(status) ? 'resolve' : 'error';
    case 'order_transactions/create':
    case 'tender_transactions/create':
      if (status === 'failure' || status === 'error') return 'error';
      return status === 'success' && topic === 'order_transactions/create' ? 'resolve' : undefined;
    case 'subscription_billing_attempts/failure':
      return 'error';
    case 'subscription_billing_attempts/challenged':
      return 'warning';
    case 'subscription_billing_attempts/success':
      return 'resolve';
    case 'fulfillment_events/create':
      if (status === 'failure') return 'warning';
      return status === 'delivered' ? 'resolve' : undefined;
    case 'bulk_operations/finish':
      return status === 'failed' ? 'error' : status === 'completed' ? 'resolve' : undefined;
    case 'app/uninstalled':
      return 'warning';
    default:
      return undefined;
  }
}

/** Ids may have more digits than a number of JSON keeps; the id for GraphQL ends in the same ones as text. */
export function exactId(body: Fields): string | undefined {
  const digits = /\/(\d{1,25})$/.exec(textOf(body.admin_graphql_api_id) ?? '')?.[1];
  return digits !== undefined && Number(digits) === Number(body.id) ? digits : undefined;
}

/** What stays the same from the failure to the success: the order of a transaction, the contract of a billing attempt. */
export function problemId(topic: string, body: Fields): string | undefined {
  if (topic === 'order_transactions/create') return firstText(body.order_id, body.id);
  if (topic === 'fulfillment_events/create') return firstText(body.fulfillment_id, body.id);
  if (topic.startsWith('subscription_billing_attempts/'))
    return firstText(body.subscription_contract_id, body.admin_graphql_api_subscription_contract_id, body.id);
  if (topic === 'bulk_operations/finish') return firstText(body.type, 'bulk operation');
  return firstText(exactId(body) ?? body.id, body.admin_graphql_api_id, body.inventory_item_id, body.token);
}
