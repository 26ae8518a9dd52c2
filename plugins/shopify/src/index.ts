import { defineIntegration, firstText, ignored, ingestedFrom, invalid } from '@patchbay/plugin-sdk';
import { resourceTopic } from './resource-topic.ts';
import { shopifyEvent } from './shopify-event.ts';
import { shopifySchema } from './shopify.schema.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const body = request.parse(shopifySchema);
    const topic = firstText(request.header('x-shopify-topic'), request.queryValue('topic'), resourceTopic(body));
    if (topic === undefined && 'id' in body)
      return ignored('Nothing says what this resource is: the header X-Shopify-Topic did not arrive');
    if (topic === undefined)
      return invalid('This is no webhook of Shopify: it has no X-Shopify-Topic header', [
        { path: 'X-Shopify-Topic', message: 'Missing' },
      ]);
    const shop = firstText(request.header('x-shopify-shop-domain'), body.myshopify_domain) ?? 'shop';
    const topics = Object(configuration.topics) as Record<string, unknown>;
    const reading = shopifyEvent(topic.toLowerCase(), shop.toLowerCase(), body, topics);
    return ingestedFrom([reading], request, 'There is no event');
  },
});
