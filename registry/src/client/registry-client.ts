import type { KeyObject } from 'node:crypto';
import type { z } from 'zod';
import { packageLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { PluginPackage } from '@patchbay/plugin-sdk/package/plugin-package';
import type { ApprovalStatement } from '@patchbay/plugin-sdk/package/statement';
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
import type { LogEntry } from '../log/log-entry.ts';
import { logPageSchema, signedHeadSchema, verifyHead, verifyPage } from './follow-log.ts';
import { placeRefusal, type LogPlace, type RegistryTrust } from './registry-trust.ts';
import { verifyAnswer } from './verify-answer.ts';
import { verifyDownload } from './verify-download.ts';
import type { VerifiedStep } from './verify-signatures.ts';

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
   * What was decided after a place in the log, page by page: signed, in one chain with that place, up to a head that is no
   * older than anything seen before. Without a place, only how far the log has come.
   */
  log(after: LogPlace | undefined): Promise<{ entries: LogEntry[]; place: LogPlace }>;
  /**
   * The registry's signed list of what is revoked, not yet verified.
   *
   * @param host who asks, and the number of the list that it has carried out
   */
  revocations(host: { id: string; applied: number }): Promise<Envelope>;
}

export type DownloadOutcome =
  | { ok: true; package: PluginPackage; approval: ApprovalStatement; steps: VerifiedStep[] }
  | { ok: false; code: 'PACKAGE_TAMPERED' | 'PLUGIN_NOT_FOUND'; message: string };

/** The registry cannot be reached, does not answer as a registry does, or says what this host does not take. */
export class RegistryUnavailable extends Error {
  override readonly name = 'RegistryUnavailable';
  readonly code: 'REGISTRY_UNAVAILABLE' | 'CATALOGUE_INVALID';

  constructor(message: string, code: RegistryUnavailable['code'] = 'REGISTRY_UNAVAILABLE') {
    super(message);
    this.code = code;
  }
}

export interface RegistryClientOptions {
  request: RegistryRequest;
  /** What the host remembers; it may ask the client which key the registry says that it has. */
  trust: (client: Pick<RegistryClient, 'key'>) => RegistryTrust;
}

/** A host's view of one registry. Everything that comes from it is parsed and bounded; the catalogue is verified. */
export function createRegistryClient({ request, trust }: RegistryClientOptions): RegistryClient {
  const fetchJson = async (path: string): Promise<unknown> => {
    const { status, body } = await request('GET', `/api/registry${path}`);
    if (status === 404 || status === 400) return undefined;
    if (status !== 200) throw new RegistryUnavailable(`The registry answered ${status}.`);
    return jsonOrNull(body);
  };
  const read = <T extends z.ZodType>(path: string, schema: T, answer: unknown): z.output<T> => {
    const parsed = schema.safeParse(answer);
    if (!parsed.success) throw new RegistryUnavailable(`The registry answered something else than ${path} means.`);
    return parsed.data;
  };
  const get = async <T extends z.ZodType>(path: string, schema: T): Promise<z.output<T> | undefined> => {
    const answer = await fetchJson(path);
    return answer === undefined ? undefined : read(path, schema, answer);
  };
  /** From the catalogue: signed for this question, and no older than anything that was signed before. */
  const getSigned = async <T extends z.ZodType>(
    path: string,
    question: object,
    schema: T,
  ): Promise<z.output<T> | undefined> => {
    const key = await trusted.key();
    // What another request learns meanwhile does not make this answer an old one.
    const furthest = await trusted.furthest();
    const answer = await fetchJson(path);
    if (answer === undefined) return undefined;
    const verified = verifyAnswer(answer, question, key);
    const refusal = verified.ok ? placeRefusal(furthest, verified.place) : verified.message;
    if (!verified.ok || refusal !== undefined)
      throw new RegistryUnavailable(`The registry’s catalogue is refused: ${refusal}.`, 'CATALOGUE_INVALID');
    if (verified.place.number !== furthest?.number) await trusted.reached(verified.place);
    return read(path, schema, answer);
  };
  const pathOf = (plugin: string): string => `/plugins/${plugin.split('/').map(encodeURIComponent).join('/')}`;
  const key: RegistryClient['key'] = async () => {
    const answer = await get('/key', registryKeySchema);
    if (answer === undefined) throw new RegistryUnavailable('The registry has no key.');
    const publicKey = parsePublicKey(answer.publicKey);
    return { keyId: keyId(publicKey), publicKey };
  };
  const trusted = trust({ key });
  return {
    key,
    list(query) {
      const given = Object.entries(query).filter(([, value]) => value !== undefined);
      const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
      const question = { list: Object.fromEntries(search) };
      return getSigned(`/plugins?${search.toString()}`, question, cataloguePageSchema);
    },
    async detail(plugin, version) {
      const search = version === undefined ? '' : `?version=${encodeURIComponent(version)}`;
      const release = await getSigned(pathOf(plugin) + search, { plugin, version: version ?? null }, releaseSchema);
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
    async log(after) {
      const publicKey = await trusted.key();
      const furthest = await trusted.furthest();
      const answer = await get('/log/head', signedHeadSchema);
      if (answer === undefined) throw new RegistryUnavailable('The registry has no decision log.');
      const head = verifyHead(answer, publicKey);
      const refusal = head.ok ? (placeRefusal(furthest, head.place) ?? placeRefusal(after, head.place)) : head.message;
      if (!head.ok || refusal !== undefined) throw refusedLog(refusal);
      if (head.place.number !== furthest?.number) await trusted.reached(head.place);
      if (after === undefined || after.number === head.place.number) return { entries: [], place: head.place };
      const page = await get(`/log?after=${after.number}`, logPageSchema);
      const read = verifyPage(page ?? { items: [], next: null }, after, head.place, publicKey);
      if (!read.ok) throw refusedLog(read.message);
      if (read.entries.length === 0) throw refusedLog('it ends before the head that was signed');
      return read;
    },
    async revocations({ id, applied }) {
      const path = `/revocations/signed?host=${encodeURIComponent(id)}&applied=${applied}`;
      const answer = await get(path, signedRevocationsSchema);
      if (answer === undefined) throw new RegistryUnavailable('The registry has no list of revoked versions.');
      return answer.envelope;
    },
  };
}

function refusedLog(why: string | undefined): RegistryUnavailable {
  return new RegistryUnavailable(`The registry’s decision log is refused: ${why}.`, 'CATALOGUE_INVALID');
}

function jsonOrNull(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return null;
  }
}
