import type { Kysely } from 'kysely';
import type { DestinationId, GroupId } from '@patchbay/plugin-sdk/contract/ids';
import type { Environment } from '@patchbay/plugin-sdk/contract/manifest';
import { subscriptionFilterSchema } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import type { Database } from '../store/schema.ts';
import { createDestination } from './destinations.ts';

/** Somebody who wants to hear of every change in a group; without, none is recorded for delivery. */
export function addTestDestination(
  db: Kysely<Database>,
  groupId: GroupId,
  environment: Environment = 'production',
): Promise<DestinationId> {
  const filter = subscriptionFilterSchema.parse({});
  return createDestination(db, {
    groupId,
    kind: 'webhook',
    name: 'all',
    environment,
    filter,
    url: 'https://a.example',
  });
}
