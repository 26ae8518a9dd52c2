import { compiled } from '@patchbay/plugin-sdk/compile/testing/compile-text';
import { newId, type DestinationId, type InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import { manifestSchema, type Environment, type ManifestInput } from '@patchbay/plugin-sdk/contract/manifest';
import { subscriptionFilterSchema } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { testManifest } from '@patchbay/plugin-sdk/compile/testing/compile-text';
import type { Store } from '../store/open-store.ts';
import type { DeliveryFixture } from './delivery-fixture.ts';
import { createDestination } from './destinations.ts';

/** A connector of a test: its code, compiled once, and the manifest that it was compiled with. */
export interface TestConnector {
  manifest: ReturnType<typeof testManifest>;
  wasm: Uint8Array;
  sha256: string;
}

/** What a connector of a test may do: everything, at the receiver that `url` of its configuration names. */
const manifestOfTests: Partial<ManifestInput> = {
  provides: ['deliver'],
  configuration: {
    type: 'object',
    properties: { url: { type: 'string', title: 'Receiver' } },
    required: ['url'],
  },
  permissions: {
    http: [
      {
        scheme: 'http',
        host: { configuration: 'url' },
        methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      },
    ],
    store: { bytes: 10_000 },
    emit: { kinds: ['note'] },
    schedule: { maxDelaySeconds: 604_800 },
  },
};

/** @param source the whole of src/index.ts */
export async function compileConnector(source: string, changes: Partial<ManifestInput> = {}): Promise<TestConnector> {
  const manifest = { ...manifestOfTests, ...changes };
  const { wasm, sha256 } = await compiled(source, manifest);
  return { manifest: manifestSchema.parse(testManifest(manifest)), wasm, sha256 };
}

/** Installs it beside the others, with a destination that hears of all changes in its environment. */
export async function installConnector(
  store: Store,
  fixture: DeliveryFixture,
  connector: TestConnector,
  configuration: { url: string },
  environment: Environment = 'production',
): Promise<{ installationId: InstallationId; destinationId: DestinationId }> {
  const { groupId } = fixture;
  const { manifest, sha256 } = connector;
  const installationId = newId('installation');
  await store.db
    .insertInto('installations')
    .values({
      group_id: groupId,
      installation_id: installationId,
      plugin_id: manifest.id,
      version: manifest.version,
      module_sha256: sha256,
      package_sha256: sha256,
      manifest: JSON.stringify(manifest),
      integration_type: null,
      environment,
      state: 'enabled',
      configuration: JSON.stringify(configuration),
      consent_digest: '',
      installed_by: 'test',
    })
    .execute();
  const destinationId = await createDestination(store.db, {
    groupId,
    kind: 'connector',
    name: manifest.name,
    environment,
    installationId,
    filter: subscriptionFilterSchema.parse({}),
  });
  await fixture.hurry(destinationId, { retryScheduleMs: [20] });
  return { installationId, destinationId };
}
