import { compiled, testManifest } from '@patchbay/plugin-sdk/compile/testing/compile-text';
import { newId, type DestinationId, type InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import { manifestSchema, type Environment, type ManifestInput } from '@patchbay/plugin-sdk/contract/manifest';
import { subscriptionFilterSchema } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import type { Sandbox } from '@patchbay/plugin-sdk/contract/run';
import { createSandbox } from '@patchbay/plugin-sdk/sandbox/create-sandbox';
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

/** The limits of a run are the platform's own matter; a busy machine that runs tests is no reason to fail a call. */
const PATIENT = { runCpuMs: 5_000, runWallMs: 60_000 };

/** The real sandbox, for this connector. */
export function sandboxOf({ wasm }: TestConnector): Sandbox {
  const sandbox = createSandbox({ loadModule: () => Promise.resolve(wasm), processes: 1 });
  return {
    run: (request) => sandbox.run({ ...request, limits: PATIENT }),
    close: () => sandbox.close(),
  };
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
