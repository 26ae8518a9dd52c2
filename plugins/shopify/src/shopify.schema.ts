import { z } from 'zod';

/** The body is the resource itself; which one it is stands in a header: https://shopify.dev/docs/api/webhooks */
export const shopifySchema = z.record(z.string(), z.unknown());
