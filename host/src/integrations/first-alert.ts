import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import { integrationInputSchema } from '@patchbay/plugin-sdk/contract/rest/integrations';
import type { Actor } from '../api/access.ts';
import { ApiError } from '../api/api-error.ts';
import { readKey } from './integration-key.ts';
import { integrationUrl } from './integration-queries.ts';
import { curlOf } from './sample-request.ts';
import { createIntegration, type SaveIntegrationDeps } from './save-integration.ts';

const TYPE = 'webhook';

/**
 * A command for the console of a new host: it sends a first alert to a generic webhook integration, which is made if
 * the group has none.
 *
 * @returns null when the generic webhook plugin is not installed
 */
export async function firstAlert(
  deps: SaveIntegrationDeps & { publicUrl: string },
  groupId: GroupId,
): Promise<string | null> {
  const { db, vault, publicUrl } = deps;
  const known = await db
    .selectFrom('integrations')
    .select(['integration_id', 'environment'])
    .where('group_id', '=', groupId)
    .where('type', '=', TYPE)
    .where('removed_at', 'is', null)
    .orderBy('created_at')
    .executeTakeFirst();
  const integration = known ?? (await make(deps, groupId));
  if (integration === null) return null;
  const { integration_id: integrationId, environment } = integration;
  const key = await readKey(db, vault, { groupId, integrationId, environment });
  return key === null ? null : curlOf(integrationUrl(publicUrl, TYPE, integrationId), key, sample);
}

async function make(deps: SaveIntegrationDeps, groupId: GroupId) {
  const actor: Actor = {
    groupId,
    role: 'owner',
    registryRoles: [],
    name: 'system:first-start',
    userId: null,
    scopes: ['admin'],
    onlyNamespace: null,
  };
  try {
    const input = integrationInputSchema.parse({ type: TYPE, name: 'First alert' });
    return { integration_id: await createIntegration(deps, actor, input), environment: input.environment };
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}

const sample = {
  body: JSON.stringify({
    event_action: 'trigger',
    dedup_key: 'my-first-alert',
    payload: { summary: 'The disk of db-1 is full', source: 'db-1', severity: 'critical' },
  }),
  contentType: 'application/json',
  headers: {},
};
