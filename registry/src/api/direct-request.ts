import type { Envelope } from '@patchbay/plugin-sdk/package/dsse';
import { publicKeyPem } from '@patchbay/plugin-sdk/package/signing-key';
import { countInstall } from '../catalogue/count-install.ts';
import { findRelease } from '../catalogue/find-release.ts';
import { listPlugins } from '../catalogue/list-plugins.ts';
import type { RegistryAnswer, RegistryRequest } from '../client/registry-client.ts';
import { logHead, logPage } from '../log/read-log.ts';
import { rememberHost, revocationList } from '../log/revocation-list.ts';
import type { Registry } from '../registry.ts';
import { signAnswer } from '../log/sign-answer.ts';
import { cataloguePageSchema, catalogueQuerySchema, releaseSchema, type CatalogueQuery } from './registry-resources.ts';

/**
 * Answers a client in the same process with what the HTTP routes answer a remote one: same paths, same bytes, so that
 * a host does not know the difference.
 */
export function directRequest(registry: Registry): RegistryRequest {
  return async (method, path) => {
    const url = new URL(path, 'http://registry.invalid');
    const [, , , resource, ...rest] = url.pathname.split('/').map(decodeURIComponent);
    const [first = '', second = '', third] = rest;
    if (resource === 'key') return json(keyOf(registry));
    if (resource === 'packages') {
      const bytes = /^[0-9a-f]{64}$/.test(first) ? await registry.blobs.get(first) : undefined;
      return bytes === undefined ? NOT_FOUND : { status: 200, body: bytes };
    }
    if (resource === 'revocations' && first === 'signed') return json(await handOver(registry, url.searchParams));
    if (resource === 'log' && first === 'head') return json(await logHead(registry));
    if (resource === 'log') return json(await logPage(registry, Number(url.searchParams.get('after') ?? '0')));
    if (resource !== 'plugins') return NOT_FOUND;
    if (first === '') {
      const query = catalogueQuerySchema.safeParse(Object.fromEntries(url.searchParams));
      const page = query.success ? await signedPage(registry, query.data, url.searchParams) : undefined;
      return page === undefined ? { status: 400, body: Buffer.from('{}') } : json(page);
    }
    const plugin = `${first}/${second}`;
    if (method === 'POST' && third === 'installs') {
      const version = url.searchParams.get('version') ?? undefined;
      await countInstall(registry, plugin, version, url.searchParams.get('by') === '-1' ? -1 : 1);
      return json({});
    }
    const release = await signedRelease(registry, plugin, url.searchParams.get('version') ?? undefined);
    return release === undefined ? NOT_FOUND : json(release);
  };
}

/** The key with which this registry signs. */
export function keyOf({ key }: Registry): { keyId: string; publicKey: string } {
  return { keyId: key.id, publicKey: publicKeyPem(key.publicKey) };
}

/** A page of the catalogue, as hosts take it. What is signed for is what they sent, without our defaults. */
export function signedPage(registry: Registry, query: CatalogueQuery, sent: URLSearchParams) {
  const question = { list: Object.fromEntries(sent) };
  return signAnswer(registry, question, cataloguePageSchema, () => listPlugins(registry, query));
}

/** A version, as hosts take it; the newest available one when none is named. */
export function signedRelease(registry: Registry, plugin: string, version: string | undefined) {
  const question = { plugin, version: version ?? null };
  return signAnswer(registry, question, releaseSchema, () => findRelease(registry, plugin, version));
}

/** The signed list of what is revoked, and who has carried out which. */
export async function handOver(registry: Registry, query: URLSearchParams): Promise<{ envelope: Envelope }> {
  const host = query.get('host') ?? '';
  const applied = Number(query.get('applied') ?? '0');
  if (/^[A-Za-z0-9_-]{8,64}$/.test(host) && Number.isSafeInteger(applied) && applied >= 0)
    await rememberHost(registry, host, applied);
  return { envelope: await revocationList(registry) };
}

const NOT_FOUND: RegistryAnswer = { status: 404, body: Buffer.from('{}') };

function json(value: unknown): RegistryAnswer {
  return { status: 200, body: Buffer.from(JSON.stringify(value)) };
}
