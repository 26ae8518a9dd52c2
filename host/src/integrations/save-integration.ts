import { sql, type Kysely, type Transaction } from 'kysely';
import type { z } from 'zod';
import { checkConfiguration } from '@patchbay/plugin-sdk/contract/check-configuration';
import type { Configuration } from '@patchbay/plugin-sdk/contract/configuration';
import { isId, newId, type GroupId, type IntegrationId, type ServiceId } from '@patchbay/plugin-sdk/contract/ids';
import { integrationTypeSchema, type Manifest } from '@patchbay/plugin-sdk/contract/manifest';
import type { integrationInputSchema, integrationPatchSchema } from '@patchbay/plugin-sdk/contract/rest/integrations';
import type { Actor } from '../api/access.ts';
import { ApiError } from '../api/api-error.ts';
import { audit } from '../identity/audit.ts';
import { readSchema } from '../ingest/body-gate/read-schema.ts';
import { withInstallation } from '../ingest/door-integration.ts';
import { parseRange } from '../ingest/sender-addresses.ts';
import { putSecret, retireSecrets } from '../secrets/secret-store.ts';
import type { Vault } from '../secrets/vault.ts';
import { ensureDefaultService } from '../services/service-queries.ts';
import type { Database } from '../store/schema.ts';
import { storableJson, storableText } from '../store/storable.ts';
import { newIntegrationKey, putKey } from './integration-key.ts';
import { signatureSecretOf } from './signature-secret.ts';

export interface SaveIntegrationDeps {
  readonly db: Kysely<Database>;
  readonly vault: Vault;
  /** Id of a plugin that provides the type and can be installed. */
  readonly findPluginForType: (type: string) => Promise<string | undefined>;
}

type Input = z.output<typeof integrationInputSchema>;
type Patch = z.output<typeof integrationPatchSchema>;

/**
 * Makes an integration with a key of its own.
 *
 * @throws ApiError TYPE_NOT_INSTALLED with what to install, BODY_INVALID with the paths of what cannot be used
 */
export async function createIntegration(
  { db, vault, findPluginForType }: SaveIntegrationDeps,
  actor: Actor,
  input: Input,
): Promise<IntegrationId> {
  const installation = await installationOf(db, actor.groupId, input.type, findPluginForType);
  const settings = checkedSettings(installation, input.settings);
  checkRanges(input);
  checkPublished(installation.manifest, input.publishedOnly);
  const integrationId = newId('integration');
  const owner = { groupId: actor.groupId, integrationId, environment: input.environment };
  await db.transaction().execute(async (trx) => {
    const serviceId = await serviceOf(trx, actor.groupId, input.serviceId);
    await trx
      .insertInto('integrations')
      .values({
        group_id: actor.groupId,
        integration_id: integrationId,
        service_id: serviceId,
        installation_id: installation.installation_id,
        type: input.type,
        name: storableText(input.name),
        environment: input.environment,
        state: 'enabled',
        settings: storableJson(settings),
        signature_required: input.signatureRequired,
        own_signature: input.ownSignature === null ? null : JSON.stringify(input.ownSignature),
        ip_allow: JSON.stringify(input.ipAllow),
        ip_deny: JSON.stringify(input.ipDeny),
        published_only: input.publishedOnly,
        rate_per_minute: input.ratePerMinute,
        watch: input.watch,
        burst: input.burst,
        response: maybeJson(input.response),
        body_schema: maybeJson(checkedSchema(input.bodySchema)),
        rules: storableJson(input.rules),
      })
      .execute();
    await putKey(trx, vault, owner, newIntegrationKey(), new Date());
    if (input.signatureSecret !== undefined)
      await putSecret(trx, vault, { ...signatureSecretOf(owner), value: input.signatureSecret });
    await audit(trx, actor, 'integration.create', integrationId, { type: input.type, name: input.name });
  });
  return integrationId;
}

/** Changes what is given. @throws ApiError as `createIntegration`, and NOT_FOUND */
export async function updateIntegration(
  { db, vault }: SaveIntegrationDeps,
  actor: Actor,
  integrationId: IntegrationId,
  patch: Patch,
): Promise<void> {
  const { groupId } = actor;
  await db.transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom('integrations as i')
      .innerJoin('installations as p', (join) =>
        join.onRef('p.group_id', '=', 'i.group_id').onRef('p.installation_id', '=', 'i.installation_id'),
      )
      .select(['i.environment', 'p.manifest', 'p.configuration'])
      .where('i.group_id', '=', groupId)
      .where('i.integration_id', '=', integrationId)
      .where('i.removed_at', 'is', null)
      .executeTakeFirst();
    if (row === undefined) throw new ApiError('NOT_FOUND', 'There is no such integration');
    checkRanges(patch);
    checkPublished(row.manifest, patch.publishedOnly);
    const changes = {
      ...(patch.name === undefined ? {} : { name: storableText(patch.name) }),
      ...(patch.serviceId === undefined ? {} : { service_id: await serviceOf(trx, groupId, patch.serviceId) }),
      ...(patch.settings === undefined ? {} : { settings: storableJson(checkedSettings(row, patch.settings)) }),
      ...(patch.signatureRequired === undefined ? {} : { signature_required: patch.signatureRequired }),
      ...(patch.ownSignature === undefined
        ? {}
        : { own_signature: patch.ownSignature === null ? null : JSON.stringify(patch.ownSignature) }),
      ...(patch.ipAllow === undefined ? {} : { ip_allow: JSON.stringify(patch.ipAllow) }),
      ...(patch.ipDeny === undefined ? {} : { ip_deny: JSON.stringify(patch.ipDeny) }),
      ...(patch.publishedOnly === undefined ? {} : { published_only: patch.publishedOnly }),
      ...(patch.ratePerMinute === undefined ? {} : { rate_per_minute: patch.ratePerMinute }),
      ...(patch.watch === undefined ? {} : { watch: patch.watch }),
      ...(patch.burst === undefined ? {} : { burst: patch.burst }),
      ...(patch.response === undefined ? {} : { response: maybeJson(patch.response) }),
      ...(patch.bodySchema === undefined ? {} : { body_schema: maybeJson(checkedSchema(patch.bodySchema)) }),
      ...(patch.rules === undefined ? {} : { rules: storableJson(patch.rules) }),
      ...(patch.state === undefined ? {} : { state: patch.state }),
      ...(patch.watch === true || patch.state === 'enabled' ? { watched_since: new Date() } : {}),
    };
    if (Object.keys(changes).length > 0)
      await trx
        .updateTable('integrations')
        .set(changes)
        .where('group_id', '=', groupId)
        .where('integration_id', '=', integrationId)
        .execute();
    const owner = signatureSecretOf({ groupId, integrationId, environment: row.environment });
    if (patch.signatureSecret === null) await retireSecrets(trx, owner);
    else if (patch.signatureSecret !== undefined)
      await putSecret(trx, vault, { ...owner, value: patch.signatureSecret });
    const { signatureSecret, response, bodySchema, ...visible } = patch;
    await audit(trx, actor, 'integration.update', integrationId, {
      ...visible,
      ...(signatureSecret === undefined ? {} : { signatureSecret: setOrRemoved(signatureSecret) }),
      ...(response === undefined ? {} : { response: setOrRemoved(response) }),
      ...(bodySchema === undefined ? {} : { bodySchema: setOrRemoved(bodySchema) }),
    });
  });
}

/** For the audit log, of what is too long or too secret for it. */
function setOrRemoved(value: unknown): 'set' | 'removed' {
  return value === null ? 'removed' : 'set';
}

/** Takes an integration away; its requests and incidents stay. @throws ApiError NOT_FOUND */
export async function removeIntegration(
  db: Kysely<Database>,
  actor: Actor,
  integrationId: IntegrationId,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const removed = await trx
      .updateTable('integrations')
      .set({ removed_at: new Date(), state: 'disabled' })
      .where('group_id', '=', actor.groupId)
      .where('integration_id', '=', integrationId)
      .where('removed_at', 'is', null)
      .executeTakeFirst();
    if (removed.numUpdatedRows === 0n) throw new ApiError('NOT_FOUND', 'There is no such integration');
    await audit(trx, actor, 'integration.delete', integrationId);
  });
}

async function installationOf(
  db: Kysely<Database>,
  groupId: GroupId,
  type: string,
  findPluginForType: SaveIntegrationDeps['findPluginForType'],
) {
  const wellFormed = integrationTypeSchema.safeParse(type);
  if (!wellFormed.success)
    throw new ApiError('BODY_INVALID', undefined, {
      details: wellFormed.error.issues.map(({ message }) => ({ path: 'type', message })),
    });
  const installation = await db
    .selectFrom('installations')
    .select(['installation_id', 'manifest', 'configuration', 'state'])
    .where('group_id', '=', groupId)
    // One that also delivers serves its type beside others of it, and its column is null.
    .where(sql<string>`coalesce(integration_type, manifest->>'integrationType')`, '=', type)
    .where('removed_at', 'is', null)
    .orderBy(sql`state <> 'enabled'`)
    .orderBy('installed_at')
    .orderBy('installation_id')
    .limit(1)
    .executeTakeFirst();
  if (installation?.state === 'enabled') return installation;
  const plugin = installation === undefined ? await findPluginForType(type) : undefined;
  throw new ApiError('TYPE_NOT_INSTALLED', notInstalled(type, installation?.state, plugin));
}

function notInstalled(type: string, state: string | undefined, plugin: string | undefined): string {
  if (state !== undefined) return `The plugin of the type "${type}" is ${state}.`;
  if (plugin === undefined) return `No plugin that can be installed here provides the type "${type}".`;
  return `The type "${type}" is not installed. Install ${plugin} from the marketplace, or POST /api/installations {"plugin": "${plugin}", ...}.`;
}

/** The settings as they are kept: where the installation gives the rest, only what the integration says itself. */
function checkedSettings(
  { manifest, configuration }: { manifest: Manifest; configuration: Configuration },
  settings: Configuration,
): Configuration {
  const checked = checkConfiguration(manifest.configuration, withInstallation(manifest, configuration, settings));
  if (checked.ok) return manifest.provides.includes('deliver') ? settings : checked.values;
  throw new ApiError('BODY_INVALID', 'The settings do not fit the plugin.', {
    details: checked.issues.map(({ path, message }) => ({
      path: path === '' ? 'settings' : `settings.${path}`,
      message,
    })),
  });
}

function checkPublished({ publishedRanges }: Manifest, only: boolean | undefined): void {
  if (only !== true || publishedRanges !== undefined) return;
  throw new ApiError('BODY_INVALID', undefined, {
    details: [{ path: 'publishedOnly', message: 'The plugin knows no list of addresses that the vendor publishes' }],
  });
}

function maybeJson(value: object | null): string | null {
  return value === null ? null : storableJson(value);
}

function checkedSchema(schema: Record<string, unknown> | null): Record<string, unknown> | null {
  const read = schema === null ? null : readSchema(schema);
  if (read === null || read.ok) return schema;
  throw new ApiError('BODY_INVALID', 'The schema cannot be used.', {
    details: read.issues.map(({ path, message }) => ({
      path: path === '' ? 'bodySchema' : `bodySchema.${path}`,
      message,
    })),
  });
}

function checkRanges(lists: Pick<Patch, 'ipAllow' | 'ipDeny'>): void {
  const details = (['ipAllow', 'ipDeny'] as const).flatMap((field) =>
    (lists[field] ?? []).flatMap((range, index) =>
      parseRange(range) === null
        ? [{ path: `${field}[${index}]`, message: 'Expected an address or a CIDR block' }]
        : [],
    ),
  );
  if (details.length > 0) throw new ApiError('BODY_INVALID', undefined, { details });
}

async function serviceOf(
  trx: Transaction<Database>,
  groupId: GroupId,
  serviceId: string | undefined,
): Promise<ServiceId> {
  if (serviceId === undefined) return ensureDefaultService(trx, groupId);
  const service = isId('service', serviceId)
    ? await trx
        .selectFrom('services')
        .select('service_id')
        .where('group_id', '=', groupId)
        .where('service_id', '=', serviceId)
        .executeTakeFirst()
    : undefined;
  if (service === undefined)
    throw new ApiError('BODY_INVALID', undefined, {
      details: [{ path: 'serviceId', message: 'There is no such service' }],
    });
  return service.service_id;
}
