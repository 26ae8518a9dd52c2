import { dedupKey, eventOf, firstText, severityOf, textOf } from '@patchbay/plugin-sdk';
import type { Issue, Reading } from '@patchbay/plugin-sdk';
import { exactId, problemId, topicMeaning, type Meaning } from './topics.ts';

type Fields = Record<string, unknown>;

/**
 * What becomes of a resource that Shopify sends under a topic.
 *
 * @param topics the operator's own meanings by topic
 */
export function shopifyEvent(topic: string, shop: string, body: Fields, topics: Fields): Reading | { issues: Issue[] } {
  const own = Object.hasOwn(topics, topic) ? topics[topic] : undefined;
  if (own === 'ignore') return { ignored: `The settings leave out "${topic.slice(0, 100)}"` };
  const meaning: Meaning | undefined = own === 'resolve' ? own : (severityOf(own) ?? topicMeaning(topic, body));
  if (meaning === undefined)
    return { ignored: `"${topic.slice(0, 100)}" tells of no problem; under Topics the settings can make it one` };
  const id = problemId(topic, body);
  if (id === undefined) return { issues: [{ path: 'id', message: 'Missing: expected the id of the resource' }] };
  const status = textOf(body.status);
  const reason = firstText(body.error_message, body.message, body.reason, body.error_code);
  const name = firstText(body.name, body.order_number, body.title);
  const words = topic.replace(/[/_]+/g, ' ');
  const headline = [words.charAt(0).toUpperCase() + words.slice(1), name, status, sumOf(body), reason];
  return eventOf({
    action: meaning === 'resolve' ? 'resolve' : 'trigger',
    key: dedupKey('shopify', shop, topic.split('/')[0] ?? topic, id),
    summary: [headline.filter((text) => text !== undefined).join(': ')],
    source: [shop, 'Shopify'],
    severity: meaning === 'resolve' ? 'info' : meaning,
    kind: topic,
    component: topic.split('/')[0],
    group: shop,
    timestamp: firstText(body.updated_at, body.created_at, body.processed_at),
    links: [[pageOf(shop, topic, body), 'Shopify admin']],
    // What customers bought and where they live stays out of the details.
    details: {
      topic,
      id: firstText(exactId(body), body.id) ?? id,
      order: textOf(body.order_id) ?? null,
      status: status ?? null,
      amount: sumOf(body) ?? null,
      reason: reason ?? null,
      test: body.test ?? null,
    },
  });
}

function sumOf(body: Fields): string | undefined {
  const amount = firstText(body.amount, body.total_price);
  return amount === undefined ? undefined : `${amount} ${textOf(body.currency) ?? ''}`.trim().slice(0, 60);
}

function pageOf(shop: string, topic: string, body: Fields): string | undefined {
  if (!/^[a-z0-9][a-z0-9-]{0,80}\.myshopify\.com$/.test(shop)) return undefined;
  const order = firstText(body.order_id, topic.startsWith('orders/') ? body.id : undefined);
  return order !== undefined && /^\d{1,20}$/.test(order)
    ? `https://${shop}/admin/orders/${order}`
    : `https://${shop}/admin`;
}
