import type { KeyObject } from 'node:crypto';
import type { z } from 'zod';
import { packageLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { PluginPackage } from '@patchbay/plugin-sdk/package/plugin-package';
import { parsePublicKey } from '@patchbay/plugin-sdk/package/signing-key';
import { keyId, type Envelope } from '@patchbay/plugin-sdk/package/dsse';
import {
  cataloguePageSchema,
  registryKeySchema,
  releaseSchema,
  signedRevocationsSchema,
  type CatalogueEntry,
  type CatalogueQuery,
  type Release,
} from '../api/registry-resources.ts';
import { verifyDownload, type VerifiedStep } from './verify-download.ts';

export interface RegistryAnswer {
  status: number;
  body: Uint8Array;
}

/** Sends one request to a registry: `path` begins with `/api/registry/`. In-process or over HTTP. */
export type RegistryRequest = (method: 'GET' | 'POST', path: string) => Promise<RegistryAnswer>;

export interface RegistryClient {
  /** Id and public key with which the registry says that it signs; whether to trust it is the host's to decide. */
  key(): Promise<{ keyId: string; publicKey: KeyObject }>;
  list(query: Partial<CatalogueQuery>): Promise<{ items: CatalogueEntry[]; next: string | null } | undefined>;
  detail(plugin: string, version?: string): Promise<Release | undefined>;
  /** Downloads the package of a release and verifies every step from the bytes to the trusted registry key. */
  download(release: Release, trustedKey: KeyObject): Promise<DownloadOutcome>;
  countInstall(plugin: string, version: string | undefined, by: 1 | -1): Promise<void>;
  /**
   * The registry's signed list of what is revoked, not yet verified.
   *
   * @param host who asks, and the number of the list that it has carried out
   */
  revocations(host: { id: string; applied: number }): Promise<Envelope>;
}

export type DownloadOutcome =
  | { ok: true; package: PluginPackage; steps: VerifiedStep[] }
  | { ok: false; code: 'PACKAGE_TAMPERED' | 'PLUGIN_NOT_FOUND'; message: string };

/** The registry cannot be reached, or does not answer as a registry does. */
export class RegistryUnavailable extends Error {
  override readonly name = 'RegistryUnavailable';
}

/** A host's view of one registry. Everything that comes from it is parsed and bounded. */
export function createRegistryClient({ request }: { request: RegistryRequest }): RegistryClient {
  const get = async <T extends z.ZodType>(path: string, schema: T): Promise<z.output<T> | undefined> => {
    const { status, body } = await request('GET', `/api/registry${path}`);
    if (status === 404 || status === 400) return undefined;
    if (status !== 200) throw new RegistryUnavailable(`The registry answered ${status}.`);
    const parsed = schema.safeParse(jsonOrUndefined(body));
    if (!parsed.success) throw new RegistryUnavailable(`The registry answered something else than ${path} means.`);
    return parsed.data;
  };
  const pathOf = (plugin: string): string => `/plugins/${plugin.split('/').map(encodeURIComponent).join('/')}`;
  return {
    async key() {
      const answer = await get('/key', registryKeySchema);
      if (answer === undefined) throw new RegistryUnavailable('The registry has no key.');
      const publicKey = parsePublicKey(answer.publicKey);
      return { keyId: keyId(publicKey), publicKey };
    },
    list(query) {
      const given = Object.entries(query).filter(([, value]) => value !== undefined);
      const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
      return get(`/plugins?${search.toString()}`, cataloguePageSchema);
    },
    async detail(plugin, version) {
      const search = version === undefined ? '' : `?version=${encodeURIComponent(version)}`;
      const release = await get(pathOf(plugin) + search, releaseSchema);
      const other =
        release !== undefined && (release.id !== plugin || (version ?? release.version) !== release.version);
      if (other) throw new RegistryUnavailable('The registry answered with another plugin or version.');
      return release;
    },
    async download(release, trustedKey) {
      const { status, body } = await request('GET', `/api/registry/packages/${release.sha256}`);
      if (status === 404)
        return { ok: false, code: 'PLUGIN_NOT_FOUND', message: 'The registry has lost this package.' };
      if (status !== 200) throw new RegistryUnavailable(`The registry answered ${status}.`);
      if (body.length > packageLimits.packedBytes)
        return { ok: false, code: 'PACKAGE_TAMPERED', message: 'The package is larger than allowed.' };
      return verifyDownload(body, release, trustedKey);
    },
    async countInstall(plugin, version, by) {
      const of = version === undefined ? '' : `&version=${encodeURIComponent(version)}`;
      await request('POST', `/api/registry${pathOf(plugin)}/installs?by=${by}${of}`);
    },
    async revocations({ id, applied }) {
      const path = `/revocations/signed?host=${encodeURIComponent(id)}&applied=${applied}`;
      const answer = await get(path, signedRevocationsSchema);
      if (answer === undefined) throw new RegistryUnavailable('The registry has no list of revoked versions.');
      return answer.envelope;
    },
  };
}

function jsonOrUndefined(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
}
