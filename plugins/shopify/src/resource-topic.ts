import { textOf } from '@patchbay/plugin-sdk';

/** `gid://shopify/Refund/123` is of the resource refund: what is known where a relay dropped the header of the topic. */
export function resourceTopic(body: Record<string, unknown>): string | undefined {
  const kind = /^gid:\/\/shopify\/([A-Za-z]{1,60})\//.exec(textOf(body.admin_graphql_api_id) ?? '')?.[1];
  return kind === undefined ? undefined : `${kind.toLowerCase()}s/unknown`;
}
