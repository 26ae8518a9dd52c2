import type { ManifestInput } from '@patchbay/plugin-sdk/contract/manifest';
import { submissionSchema } from '@patchbay/plugin-sdk/contract/rest/registry';
import { generateSigningKey } from '@patchbay/plugin-sdk/package/signing-key';
import { z } from 'zod';
import type { HostApi } from './host-process.ts';
import { makePackage, withFiles } from './plugin-packages.ts';
import { approve, newReviewers, read, uploadPackage } from './registry-road.ts';

/** What it may do: everything at the receiver that the setting `url` names. */
const everythingThere: Partial<ManifestInput> = {
  configuration: { properties: { url: { type: 'string', title: 'Receiver' } }, required: ['url'] },
  secrets: [],
  permissions: {
    http: [{ scheme: 'http', host: { configuration: 'url' }, methods: ['GET', 'POST', 'PUT', 'DELETE'] }],
    store: { bytes: 10_000 },
    schedule: { maxDelaySeconds: 60 },
  },
};

/**
 * A connector of somebody else in the catalogue of a running host, by the road that everybody takes: uploaded, and
 * approved by as many others as it takes.
 *
 * @param source the whole of src/index.ts
 */
export async function publishConnector(host: HostApi, id: string, source: string): Promise<void> {
  const made = await makePackage(id, everythingThere, 'connector', withFiles({ 'src/index.ts': source }));
  const uploaded = await uploadPackage(host, made, generateSigningKey());
  await approve(host, await read(uploaded, submissionSchema), await newReviewers(host));
}

/** Installs it for the receiver at `url`, and has it hear of every change. */
export async function installConnector(host: HostApi, id: string, url: string): Promise<void> {
  const { consent } = await read(await host.request(`/api/plugins/${id}`), z.object({ consent: z.unknown() }));
  const installed = await host.request('/api/installations', { body: { plugin: id, consent, configuration: { url } } });
  const { id: installationId } = await read(installed, z.object({ id: z.string() }));
  await read(await host.request('/api/subscriptions', { body: { installationId, name: id } }), z.unknown());
}
