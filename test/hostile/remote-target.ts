import { createHash, randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { pathToFileURL } from 'node:url';
import { containsSecret } from '@patchbay/host/effects/secret-reflection';
import { parseUrl } from '@patchbay/plugin-sdk/contract/parse-url';
import { HOST_API_VERSION } from '@patchbay/plugin-sdk/contract/plugin-id';
import { deliveryDetailSchema, deliverySchema, destinationSchema } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { incidentSchema } from '@patchbay/plugin-sdk/contract/rest/incidents';
import { integrationSchema } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { submissionSchema, type Submission } from '@patchbay/plugin-sdk/contract/rest/registry';
import { generateSigningKey } from '@patchbay/plugin-sdk/package/signing-key';
import { writeArchive } from '@patchbay/plugin-sdk/package/write-archive';
import { z } from 'zod';
import { alertmanagerBody, postAlert } from '../support/alertmanager-alert.ts';
import type { HostApi } from '../support/host-process.ts';
import type { Person } from '../support/people.ts';
import { makePackage, withFiles, type TestPackage } from '../support/plugin-packages.ts';
import { approve, newReviewers, read, uploadPackage } from '../support/registry-road.ts';
import { until } from '../support/until.ts';
import { textToWasm } from './attack.ts';
import type { HostilePlugin } from './hostile-plugin.ts';
import { manifestFor } from './inputs.ts';
import { SECRET } from './laboratory.ts';
import { asksByItself, notByUrl } from './remote-reach.ts';

/** `wrong` is empty when the host held. */
export type RemoteOutcome = { skipped: string } | { wrong: string[] };

const list = <T>(item: z.ZodType<T>) => z.object({ items: z.array(item) });
const refusalSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  }),
});
/** A busy host may not come to all of its checks; the same bytes go on where they stopped. */
const UPLOADS_MAX = 5;
const WITHIN_MS = 180_000;
/** In place of the laboratory's port: what must be refused before sending is told by its code from what was sent. */
const NO_SERVICE_PORT = '4443';

/**
 * Somebody else's host under attack, by its API alone:
 *
 *   what takes requests   is uploaded with a fixture, so that the registry's checks run it
 *   what delivers         is uploaded, approved, installed, and told of an incident
 *
 * After each, an integration beside it must still be served. The token is an owner's who is also an admin of the
 * registry: two reviewers are made with it. What was made is removed at the end, except what the registry remembers.
 */
export class RemoteTarget {
  readonly #host: HostApi;
  readonly #namespace = `hostile-${randomBytes(4).toString('hex')}`;
  readonly #key = generateSigningKey();
  readonly #bystander: { id: string; key: string };
  #reviewers: Person[] = [];
  #alerts = 0;

  private constructor(host: HostApi, bystander: { id: string; key: string }) {
    this.#host = host;
    this.#bystander = bystander;
  }

  static async open(host: HostApi): Promise<RemoteTarget> {
    const made = await host.request('/api/integrations', { body: { type: 'prometheus', name: 'Beside the attacks' } });
    const { id, key } = await read(made, integrationSchema);
    return new RemoteTarget(host, { id, key: key ?? '' });
  }

  async close(): Promise<void> {
    await this.#host.request(`/api/integrations/${this.#bystander.id}`, { method: 'DELETE' });
    for (const { userId } of this.#reviewers) await this.#host.request(`/api/members/${userId}`, { method: 'DELETE' });
  }

  async attack(plugin: HostilePlugin): Promise<RemoteOutcome> {
    const skipped = notByUrl(plugin);
    if (skipped !== undefined) return { skipped };
    if (asksByItself(plugin)) plugin = { ...plugin, run: 'deliver' };
    const id = `${this.#namespace}/${plugin.family}-${plugin.name}`.slice(0, 60).replace(/-+$/, '');
    // What the host fails at is the finding, and the attacks after it are still to be made.
    const wrong = await this.#once(plugin, id).catch((error: unknown) => [
      error instanceof Error ? error.message.slice(0, 500) : String(error),
    ]);
    const catalogued = await this.#host.request(`/api/plugins/${id}`);
    if (plugin.run === 'ingest' && catalogued.status !== 404) wrong.push(`${id} is in the catalogue`);
    return { wrong: [...wrong, ...(await this.#harm())] };
  }

  async #once(plugin: HostilePlugin, id: string): Promise<string[]> {
    let made: Omit<TestPackage, 'files'>;
    try {
      made = await packageOf(plugin, id);
    } catch (error) {
      // The attacker's own tools refuse it, as they do for everybody.
      const message = error instanceof Error ? error.message : '';
      return plugin.must.some((code) => message.startsWith(code)) ? [] : [`cannot be packed: ${message.slice(0, 300)}`];
    }
    const uploaded = await this.#upload(made);
    if (!('submission' in uploaded)) return judgeRefusal(plugin, uploaded.status, uploaded.text);
    if (plugin.run === 'ingest' || plugin.kind === 'manifest')
      return plugin.must.includes('done') ? [] : ['passed the checks of the registry'];
    this.#reviewers = this.#reviewers.length > 0 ? this.#reviewers : await newReviewers(this.#host);
    await approve(this.#host, uploaded.submission, this.#reviewers);
    const wrong: string[] = [];
    for (const site of plugin.sites.length > 0 ? plugin.sites : [''])
      wrong.push(...(await this.#deliver(plugin, id, site)).map((what) => (site === '' ? what : `${site}: ${what}`)));
    return wrong;
  }

  async #upload(
    made: Omit<TestPackage, 'files'>,
  ): Promise<{ submission: Submission } | { status: number; text: string }> {
    for (let upload = 1; ; upload++) {
      const answer = await uploadPackage(this.#host, made, this.#key);
      const text = await answer.text();
      if (answer.ok) return { submission: submissionSchema.parse(JSON.parse(text)) };
      if (upload === UPLOADS_MAX || !text.includes('CHECKS_INCOMPLETE')) return { status: answer.status, text };
    }
  }

  /** Installed for this site, and told of an incident. */
  async #deliver(plugin: HostilePlugin, id: string, site: string): Promise<string[]> {
    const host = this.#host;
    const { consent } = await read(await host.request(`/api/plugins/${id}`), z.object({ consent: z.unknown() }));
    const configuration = { site: site.replace('PORT', NO_SERVICE_PORT) };
    const body = { plugin: id, consent, configuration, secrets: site === '' ? {} : { apiToken: SECRET } };
    const answer = await host.request('/api/installations', { body });
    // Where the address is the attack, it may be refused at once.
    if (plugin.world === 'strict' && (answer.status === 400 || answer.status === 422)) return [];
    const installation = await read(answer, z.object({ id: z.string() }));
    try {
      const subscription = { installationId: installation.id, name: plugin.name };
      const { id: destination } = await read(
        await host.request('/api/subscriptions', { body: subscription }),
        destinationSchema,
      );
      await this.#alert();
      const delivery = await until(
        `the delivery of ${plugin.name}`,
        async () => {
          const { items } = await read(
            await host.request(`/api/deliveries?destinationId=${destination}`),
            list(deliverySchema),
          );
          return items.find(({ state, code }) => code !== null || state === 'delivered' || state === 'skipped');
        },
        WITHIN_MS,
      );
      const detail = await read(await host.request(`/api/deliveries/${delivery.id}`), deliveryDetailSchema);
      const told = JSON.stringify(detail);
      const codes = [delivery.code ?? 'done', delivery.state];
      // A name that only the laboratory knows leads nowhere here; what is refused before anything is sent must be so here.
      const leadsNowhere = plugin.world === 'strict' && isName(site);
      // A module may end well by any output; what it gives is hardly what deliver returns.
      const endsWell = plugin.kind === 'text' && plugin.must.includes('done');
      const ends = [
        ...plugin.must,
        ...(leadsNowhere ? ['EGRESS_FAILED'] : []),
        ...(endsWell ? ['OUTPUT_INVALID'] : []),
      ];
      const wrong = ends.some((code) => codes.includes(code) || told.includes(`"${code}"`))
        ? []
        : [`ended as ${codes.join('/')} instead of ${plugin.must.join(' or ')}: ${delivery.message ?? ''}`];
      return containsSecret(Buffer.from(told), SECRET) ? [...wrong, 'the secret came out'] : wrong;
    } finally {
      await host.request(`/api/installations/${installation.id}`, { method: 'DELETE' });
    }
  }

  async #alert(): Promise<string> {
    const { id, key } = this.#bystander;
    const fingerprint = `${this.#namespace}-${this.#alerts++}`;
    const door = `${this.#host.url}/api/integrations/prometheus?integrationId=${id}`;
    const status = await postAlert(door, key, alertmanagerBody({ fingerprint, summary: 'Beside the attacks' }));
    if (status !== 202) throw new Error(`an innocent alert was answered ${status}`);
    return fingerprint;
  }

  /** What the attack did to others. */
  async #harm(): Promise<string[]> {
    try {
      const ready = await this.#host.request('/health/ready');
      if (!ready.ok) return [`the host is not ready: ${ready.status}`];
      const fingerprint = await this.#alert();
      const path = `/api/incidents?dedupKey=prometheus-${fingerprint}`;
      const opened = async () => (await read(await this.#host.request(path), list(incidentSchema))).items[0];
      await until('the incident of an innocent alert', opened, WITHIN_MS);
      return [];
    } catch (error) {
      return [`others are hurt: ${error instanceof Error ? error.message : String(error)}`];
    }
  }
}

/** Its host is a name that is looked up; the parser makes an address of every other spelling of one. */
function isName(site: string): boolean {
  const hostname = parseUrl(site)?.hostname ?? '';
  return isIP(hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')) === 0 && hostname !== 'localhost';
}

/** Refused before it ran is as good as any end; run, it must end as it says. */
function judgeRefusal(plugin: HostilePlugin, status: number, text: string): string[] {
  const read = refusalSchema.safeParse(JSON.parse(text));
  if (!read.success || status >= 500) return [`the upload was answered ${status}: ${text.slice(0, 300)}`];
  const { code, message, details = [] } = read.data.error;
  if (code === 'SUBMISSIONS_FULL' || code === 'CHECKS_INCOMPLETE') return [`${code}: ${message.slice(0, 300)}`];
  const ran = details.filter(({ path }) => path.includes('fixtures/'));
  if (code !== 'CHECKS_FAILED' || ran.length < details.length || plugin.must.includes('done')) return [];
  // A host keeps its own limits: what an attack is about may take longer than a run may.
  const ends = [...plugin.must, 'RUN_CPU_EXCEEDED'];
  const said = `${message} ${ran.map((one) => one.message).join(' ')}`;
  return ends.some((wanted) => said.includes(wanted))
    ? []
    : [`ended otherwise than as ${plugin.must.join(' or ')}: ${said.slice(0, 300)}`];
}

const fixture = JSON.stringify({
  description: 'What anybody might send',
  request: { body: { secret: 'of the input' } },
  expected: { outcome: 'events', events: [{}] },
});

async function packageOf(plugin: HostilePlugin, id: string): Promise<Omit<TestPackage, 'files'>> {
  const name = { id: id as `${string}/${string}`, name: plugin.name };
  if (plugin.kind === 'manifest') {
    const { default: hostile } = (await import(/* @vite-ignore */ pathToFileURL(plugin.file).href)) as {
      default: object;
    };
    const honest = await makePackage(id);
    const text = JSON.stringify({ ...hostile, id: name.id, version: honest.version, hostApi: `^${HOST_API_VERSION}` });
    const bytes = await writeArchive(new Map(honest.files).set('plugin.json', Buffer.from(text)));
    return { ...honest, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  }
  const { provides, permissions, secrets, configuration } = manifestFor(plugin, plugin.sites[0] ?? '', 0);
  const connector = { name: plugin.name, provides, permissions, secrets, configuration };
  if (plugin.kind === 'plugin' && plugin.run === 'deliver')
    return makePackage(id, connector, 'connector', withFiles({ 'src/index.ts': plugin.source }));
  if (plugin.run === 'deliver') {
    const module = 'plugin-built.wasm';
    const wasm = textToWasm(plugin.source.replace('(export "ingest")', '(export "deliver")'));
    return makePackage(id, { ...connector, module }, 'connector', withFiles({ [module]: wasm }));
  }
  const files = { 'fixtures/any.json': fixture };
  if (plugin.kind === 'plugin')
    return makePackage(id, { name: plugin.name }, 'ingest', withFiles({ ...files, 'src/index.ts': plugin.source }));
  const made =
    plugin.kind === 'bytes'
      ? ((await import(/* @vite-ignore */ pathToFileURL(plugin.file).href)) as { default(): Uint8Array })
      : undefined;
  const wasm = made === undefined ? textToWasm(plugin.source) : made.default();
  return makePackage(
    id,
    { name: plugin.name, module: 'plugin-built.wasm' },
    'ingest',
    withFiles({ ...files, 'plugin-built.wasm': wasm }),
  );
}
