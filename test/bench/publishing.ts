import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { generateSigningKey, publicKeyPem } from '@patchbay/plugin-sdk/package/signing-key';
import { sha256 } from '@patchbay/plugin-sdk/package/digest';
import { writeArchive } from '@patchbay/plugin-sdk/package/write-archive';
import { keepCompilers } from '@patchbay/plugin-sdk/checks/reproduce-in-child';
import { sandboxFixtureTools } from '@patchbay/plugin-sdk/checks/sandbox-fixture-tools';
import { closePluginRuns } from '@patchbay/plugin-sdk/testing/plugin-sandbox';
import { openRegistryAndGroup } from '@patchbay/host/installations/registry-fixture';
import { createVerifiedModules } from '@patchbay/host/installations/verified-modules';
import { startHost, type HostProcess } from '../support/host-process.ts';
import { makePackage, releaseEnvelope, type TestPackage } from '../support/plugin-packages.ts';
import { startCopy, type PreparedData } from './prepared-data.ts';
import { quantile } from './spread.ts';

/** What authors and operators wait for. */
export interface PublishingTimes {
  /** Bytes of the package whose publish is measured. */
  packedBytes: number;
  /** From the first byte of its upload to the result of every automatic check. */
  publishMs: number;
  /** From the first of fifty uploads at once to the last result. */
  fiftyMs: number;
  /** Of the fifty: those whose checks did not come to an end, or came to more than one. */
  fiftyWrong: number;
  /** From the decision until a connected host runs the version no more: the slowest of all. */
  revocationMs: number;
  /** Verifying an installed version when a process loads it first. */
  verifyP50: number;
  verifyP99: number;
}

const TEXT_BYTES = 200_000;
const AT_ONCE = 50;
const VERIFICATIONS = 200;
const REVOKED = ['patchbay/sentry', 'patchbay/grafana', 'patchbay/datadog'];
const WAIT_MS = 60_000;
const POLL_MS = 20;

export async function measurePublishing(data: PreparedData): Promise<PublishingTimes> {
  return { ...(await measureUploads(data)), ...(await measureRevocation(data)), ...(await measureVerification()) };
}

async function measureUploads(data: PreparedData) {
  const copy = await data.copy();
  const host = await startCopy(data, copy);
  try {
    const key = generateSigningKey();
    const upload = async (made: TestPackage): Promise<string> => {
      const inHeader = (text: string): string => Buffer.from(text).toString('base64');
      const answer = await fetch(`${host.url}/api/registry/plugins`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${host.token}`,
          'content-type': 'application/gzip',
          'x-patchbay-claim': 'yes',
          'x-patchbay-envelope': inHeader(JSON.stringify(releaseEnvelope(made, key))),
          'x-patchbay-key': inHeader(publicKeyPem(key.publicKey)),
        },
        body: new Uint8Array(made.bytes),
      });
      if (!answer.ok) throw new Error(`The upload was answered ${answer.status}: ${await answer.text()}`);
      return z.object({ submissionId: z.string() }).parse(await answer.json()).submissionId;
    };
    const large = await makePackage('bench/large', {}, 'ingest', addText);
    const small = await makePackage('bench/small');
    await upload(small);
    const publishMs = await timed(() => upload(large));
    const many = await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => asVersion(small, `2.0.${n}`)));
    let ids: string[] = [];
    const fiftyMs = await timed(async () => {
      ids = await Promise.all(many.map(upload));
      for (const id of ids) await untilChecked(host, id);
    });
    let fiftyWrong = 0;
    for (const id of ids) if (!wasCheckedOnce(await submissionOf(host, id))) fiftyWrong += 1;
    return { packedBytes: large.bytes.length, publishMs, fiftyMs, fiftyWrong };
  } finally {
    await host.stop();
    await copy.remove();
  }
}

/** Text that does not compress, so that the package is as large as it says. */
async function addText(folder: string): Promise<void> {
  const text = randomBytes((TEXT_BYTES * 3) / 4).toString('base64');
  await writeFile(join(folder, 'src/text.ts'), `Object.assign(globalThis, { benchText: '${text}' });\n`);
  const entry = join(folder, 'src/index.ts');
  await writeFile(entry, `import './text.ts';\n${await readFile(entry, 'utf8')}`);
}

async function asVersion(made: TestPackage, version: string): Promise<TestPackage> {
  const manifest = JSON.parse(Buffer.from(made.files.get('plugin.json') ?? '').toString()) as object;
  const files = new Map(made.files).set('plugin.json', Buffer.from(JSON.stringify({ ...manifest, version })));
  const bytes = await writeArchive(files);
  return { ...made, version, files, bytes, sha256: sha256(bytes) };
}

const submissionSchema = z.object({
  state: z.string(),
  events: z.array(z.object({ state: z.string() })),
  checks: z.array(z.object({ outcome: z.string() })),
});

async function submissionOf(host: HostProcess, submissionId: string): Promise<z.infer<typeof submissionSchema>> {
  const answer = await host.request(`/api/registry/submissions/${submissionId}`);
  return submissionSchema.parse(await answer.json());
}

/** An upload that waits long for its turn is answered before its checks are made. */
async function untilChecked(host: HostProcess, submissionId: string): Promise<void> {
  for (const until = performance.now() + WAIT_MS; ; await sleep(POLL_MS)) {
    if ((await submissionOf(host, submissionId)).state !== 'checking') return;
    if (performance.now() > until) return;
  }
}

function wasCheckedOnce({ state, events, checks }: z.infer<typeof submissionSchema>): boolean {
  const passed = checks.every(({ outcome }) => outcome === 'passed');
  return state === 'in_review' && passed && events.map((event) => event.state).join() === 'checking,in_review';
}

/** A registry and a host as processes of their own. */
async function measureRevocation(data: PreparedData) {
  const copy = await data.copy();
  const registry = await startCopy(data, copy, { PATCHBAY_ROLE: 'registry' });
  let host: HostProcess | undefined;
  try {
    host = await startHost({
      environment: { PATCHBAY_REGISTRY_URL: registry.url, PATCHBAY_REGISTRY_TOKEN: registry.token },
    });
    const connected = host;
    const times: number[] = [];
    for (const plugin of REVOKED) times.push(await timed(() => revoke(plugin, registry, connected)));
    return { revocationMs: Math.max(...times) };
  } finally {
    await host?.stop();
    await registry.stop();
    await copy.remove();
  }
}

const installationsSchema = z.object({ items: z.array(z.object({ plugin: z.string(), state: z.string() })) });

async function revoke(plugin: string, registry: HostProcess, host: HostProcess): Promise<void> {
  const body = { plugin, range: '*', kind: 'hard', reason: 'A benchmark.' };
  const answer = await registry.request('/api/registry/revocations', { body });
  if (!answer.ok) throw new Error(`The revocation was answered ${answer.status}: ${await answer.text()}`);
  for (const until = performance.now() + WAIT_MS; ; await sleep(POLL_MS)) {
    const { items } = installationsSchema.parse(await (await host.request('/api/installations')).json());
    if (items.find((one) => one.plugin === plugin)?.state !== 'enabled') return;
    if (performance.now() > until) throw new Error(`${plugin} goes on running`);
  }
}

async function measureVerification() {
  const compilers = keepCompilers();
  const tools = { ...sandboxFixtureTools(), reproduce: compilers.reproduce };
  const folder = join(process.env['TMPDIR'] ?? '/tmp', `patchbay-bench-${randomBytes(6).toString('hex')}`);
  const world = await openRegistryAndGroup({ engine: 'pglite', folder, databaseUrl: undefined }, tools);
  try {
    const { moduleSha256 } = await world.publish('bench/probe');
    await world.install('bench/probe');
    const times: number[] = [];
    for (let n = 0; n < VERIFICATIONS; n++) {
      const { loadModule } = createVerifiedModules({ ...world.deps, own: [] });
      times.push(await timed(() => loadModule(moduleSha256)));
    }
    return { verifyP50: quantile(times, 0.5), verifyP99: quantile(times, 0.99) };
  } finally {
    await world.close();
    await closePluginRuns();
    compilers.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
