import type { Kysely } from 'kysely';
import type { GroupId, IntegrationId } from '@patchbay/plugin-sdk/contract/ids';
import type { PublishedRanges } from '@patchbay/plugin-sdk/contract/published-ranges';
import type { SignatureScheme } from '@patchbay/plugin-sdk/contract/verifier';
import type { Integration } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { knownRanges } from '../ingest/published-ranges/published-ranges.ts';
import { secretState } from '../secrets/secret-store.ts';
import type { Vault } from '../secrets/vault.ts';
import type { Database } from '../store/schema.ts';
import { keySecretOf, readKey } from './integration-key.ts';
import { curlOf, type SampleRequest } from './sample-request.ts';
import { signatureSecretOf } from './signature-secret.ts';

export interface IntegrationFilter {
  readonly serviceId?: string | undefined;
  readonly type?: string | undefined;
  readonly before?: string | undefined;
}

/** Integrations of a group, newest first; those that were removed are left out. */
export function listIntegrations(db: Kysely<Database>, groupId: GroupId, filter: IntegrationFilter, limit: number) {
  const { serviceId, type, before } = filter;
  return integrations(db, groupId)
    .$if(serviceId !== undefined, (query) => query.where('i.service_id', '=', serviceId as never))
    .$if(type !== undefined, (query) => query.where('i.type', '=', type as never))
    .$if(before !== undefined, (query) => query.where('i.integration_id', '<', before as never))
    .orderBy('i.integration_id', 'desc')
    .limit(limit)
    .execute();
}

export type IntegrationRow = Awaited<ReturnType<typeof listIntegrations>>[number];

export function findIntegration(db: Kysely<Database>, groupId: GroupId, integrationId: IntegrationId) {
  return integrations(db, groupId).where('i.integration_id', '=', integrationId).executeTakeFirst();
}

function integrations(db: Kysely<Database>, groupId: GroupId) {
  return db
    .selectFrom('integrations as i')
    .innerJoin('services as s', (join) =>
      join.onRef('s.group_id', '=', 'i.group_id').onRef('s.service_id', '=', 'i.service_id'),
    )
    .innerJoin('installations as p', (join) =>
      join.onRef('p.group_id', '=', 'i.group_id').onRef('p.installation_id', '=', 'i.installation_id'),
    )
    .leftJoin('integration_counters as c', (join) =>
      join.onRef('c.group_id', '=', 'i.group_id').onRef('c.integration_id', '=', 'i.integration_id'),
    )
    .selectAll('i')
    .select(['s.name as service_name', 'p.plugin_id', 'p.version as plugin_version', 'p.manifest'])
    .select(['c.received', 'c.accepted', 'c.refused', 'c.last_request_at'])
    .select((select) =>
      select
        .selectFrom('requests as r')
        .select((count) => count.fn.countAll<number>().as('count'))
        .whereRef('r.group_id', '=', 'i.group_id')
        .whereRef('r.integration_id', '=', 'i.integration_id')
        .where('r.state', '=', 'pending')
        .as('pending'),
    )
    .where('i.group_id', '=', groupId)
    .where('i.removed_at', 'is', null);
}

export interface ShowIntegrationDeps {
  readonly db: Kysely<Database>;
  readonly vault: Vault;
  readonly publicUrl: string;
  readonly sampleFor: (plugin: { id: string; version: string }) => Promise<SampleRequest>;
}

/** @param withKey whether who asks may see the key */
export async function showIntegration(
  deps: ShowIntegrationDeps,
  row: IntegrationRow,
  withKey: boolean,
): Promise<Integration> {
  const owner = { groupId: row.group_id, integrationId: row.integration_id, environment: row.environment };
  const url = integrationUrl(deps.publicUrl, row.type, row.integration_id);
  const key = withKey ? await readKey(deps.db, deps.vault, owner) : null;
  const { olderUntil: older } = await secretState(deps.db, keySecretOf(owner));
  const secret = await secretState(deps.db, signatureSecretOf(owner));
  const { authentication } = row.manifest;
  const [scheme] = authentication.signatures;
  return {
    id: row.integration_id,
    type: row.type,
    name: row.name,
    serviceId: row.service_id,
    serviceName: row.service_name,
    environment: row.environment,
    state: row.state,
    url,
    key,
    olderKeyUntil: older?.toISOString() ?? null,
    sampleCurl:
      key === null ? null : curlOf(url, key, await deps.sampleFor({ id: row.plugin_id, version: row.plugin_version })),
    settings: row.settings,
    signature: {
      supported: true,
      vendorScheme: scheme === undefined ? null : schemeName(scheme),
      secretSet: secret.set,
      olderSecretUntil: secret.olderUntil?.toISOString() ?? null,
      required: row.signature_required || authentication.policy === 'required',
      own: row.own_signature,
    },
    ipAllow: row.ip_allow,
    ipDeny: row.ip_deny,
    publishedOnly: row.published_only,
    published: await showPublished(deps.db, row.manifest.publishedRanges),
    ratePerMinute: row.rate_per_minute,
    watch: row.watch,
    burst: row.burst,
    response: row.response,
    bodySchema: row.body_schema,
    rules: row.rules,
    installationId: row.installation_id,
    pluginVersion: row.plugin_version,
    createdAt: row.created_at.toISOString(),
    lastRequestAt: row.last_request_at?.toISOString() ?? null,
    counts: {
      received: row.received ?? 0,
      accepted: row.accepted ?? 0,
      refused: row.refused ?? 0,
      pending: row.pending ?? 0,
    },
  };
}

async function showPublished(
  db: Kysely<Database>,
  sources: readonly PublishedRanges[] | undefined,
): Promise<Integration['published']> {
  if (sources === undefined) return null;
  const { ranges, fetchedAt, failure } = await knownRanges(db, sources);
  const urls = [...new Set(sources.map(({ url }) => url))];
  return { urls, count: ranges.length, fetchedAt: fetchedAt?.toISOString() ?? null, failure };
}

export function integrationUrl(publicUrl: string, type: string, integrationId: string): string {
  return `${publicUrl}/api/integrations/${type}?integrationId=${integrationId}`;
}

function schemeName(scheme: SignatureScheme): string {
  switch (scheme.kind) {
    case 'hmac':
    case 'ed25519':
    case 'ecdsa':
    case 'url-hmac':
    case 'token-header':
      return scheme.header;
    case 'basic':
      return 'Basic';
    case 'jwt':
      return 'Bearer token';
    case 'sns':
      return 'Amazon SNS';
    case 'paypal':
      return 'PayPal-Transmission-Sig';
    case 'travis':
      return 'Signature';
    case 'token-query':
      return `parameter ${scheme.parameter}`;
    case 'token-body':
      return `field ${scheme.field}`;
  }
}
