import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { newPerson } from '../support/people.ts';
import { startHost, type HostProcess } from '../support/host-process.ts';

const CLI = fileURLToPath(new URL('../../plugin-sdk/dist/cli.mjs', import.meta.url));

describe('a plugin that somebody else wrote', () => {
  let host: HostProcess;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'patchbay-author-'));
    host = await startHost();
  });
  afterAll(async () => {
    await host?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function patchbay(...args: string[]) {
    const env = {
      ...process.env,
      XDG_CONFIG_HOME: join(folder, 'configuration'),
      APPDATA: join(folder, 'configuration'),
    };
    const child = spawn(process.execPath, [CLI, ...args, '--json'], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [code, output, errors] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    return { code, errors, report: output === '' ? null : JSON.parse(output) };
  }
  const publish = (path: string, ...more: string[]) =>
    patchbay('publish', path, '--registry', host.url, '--token', host.token, '--key', 'author.pem', ...more);
  const api = async (path: string, body?: unknown) => {
    const response = await host.request(path, body === undefined ? {} : { body });
    // eslint-disable-next-line typescript/no-explicit-any -- what the API answers is what is tested
    return { status: response.status, body: (await response.json()) as any };
  };

  it('is published from the command line, reviewed, installed, and takes an alert', async () => {
    expect(await patchbay('init', 'acme/probe')).toMatchObject({ code: 0 });
    expect(await publish('probe')).toMatchObject({ code: 1, report: { error: { code: 'NAMESPACE_UNCLAIMED' } } });
    expect(await publish('probe', '--claim')).toMatchObject({
      code: 3,
      report: { plugin: 'acme/probe', state: 'in_review', held: true },
    });
    expect((await api('/api/plugins/acme/probe')).status).toBe(404);

    expect(await patchbay('status', 'acme/probe')).toMatchObject({ code: 2 });
    const login = ['--registry', host.url, '--token', host.token];
    expect(await patchbay('login', ...login)).toMatchObject({ code: 0, report: { roles: ['admin'] } });
    // Held is not a success, and says what is missing.
    expect(await patchbay('status', 'acme/probe')).toMatchObject({
      code: 3,
      report: { submissions: [{ state: 'in_review', approvals: { given: 0, needed: 1 } }] },
    });

    const waiting = (await api('/api/registry/submissions')).body.items;
    expect(waiting).toMatchObject([{ plugin: 'acme/probe', version: '0.1.0', state: 'in_review' }]);
    const [{ submissionId, sha256 }] = waiting;
    const approve = `/api/registry/submissions/${submissionId}/approve`;
    expect(await api(approve, {})).toMatchObject({ status: 400 });
    expect(await api(approve, { sha256 })).toMatchObject({ status: 403, body: { error: { code: 'OWN_SUBMISSION' } } });
    // Whoever holds the host's own token makes another as easily: that is nobody else.
    const second = (await api('/api/tokens', { name: 'A second one', scopes: ['write', 'admin'] })).body.token;
    const again = await host.request(approve, { body: { sha256 }, headers: { authorization: `Bearer ${second}` } });
    expect(await again.json()).toMatchObject({ error: { code: 'OWN_SUBMISSION' } });
    const { token: reviewer } = await newPerson(host, { name: 'Rita', role: 'viewer', registryRoles: ['reviewer'] });
    const approved = await host.request(approve, {
      body: { sha256, note: 'Read.' },
      headers: { authorization: `Bearer ${reviewer}` },
    });
    expect(await approved.json()).toMatchObject({ state: 'published' });
    expect(await patchbay('status', 'acme/probe')).toMatchObject({ code: 0 });

    const { consent } = (await api('/api/plugins/acme/probe')).body;
    expect(await api('/api/installations', { plugin: 'acme/probe', consent })).toMatchObject({ status: 201 });
    const integration = (await api('/api/integrations', { type: 'probe', name: 'Mine' })).body;
    const sent = await fetch(integration.url, {
      method: 'POST',
      headers: { authorization: `Bearer ${integration.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ alert: 'Disk full', host: 'db-1', state: 'firing' }),
    });
    expect(sent.status).toBe(202);
    // On a busy machine the plugin may miss the sender's answer; the request then waits and is taken up again.
    const path = `/api/incidents?dedupKey=${encodeURIComponent('probe:db-1:Disk full')}`;
    const incident: unknown = await until('the incident', async () => (await api(path)).body.items[0]);
    expect(incident).toMatchObject({ summary: 'Disk full on db-1', status: 'open' });
  });

  it('is yanked, offered again and deprecated by its author', async () => {
    expect(await patchbay('yank', 'acme/probe', '0.1.0')).toMatchObject({ code: 2 });
    expect(await patchbay('yank', 'acme/probe', '0.1.0', '--reason', 'It tells twice.')).toMatchObject({ code: 0 });
    expect((await api('/api/plugins/acme/probe')).status).toBe(404);
    expect(await patchbay('versions', 'acme/probe')).toMatchObject({
      code: 0,
      report: {
        plugins: [{ versions: [{ version: '0.1.0', state: 'yanked', reason: 'It tells twice.', installs: 1 }] }],
      },
    });
    expect(await patchbay('status', 'acme/probe')).toMatchObject({
      code: 1,
      report: { submissions: [{ state: 'published', release: { state: 'yanked', reason: 'It tells twice.' } }] },
    });
    expect(await patchbay('yank', 'acme/probe', '0.1.0', '--undo')).toMatchObject({ code: 0 });
    expect(await patchbay('status', 'acme/probe')).toMatchObject({ code: 0 });
    const sentry = ['--replacement', 'patchbay/sentry'];
    expect(await patchbay('deprecate', 'acme/probe', '--message', 'Use Sentry.', ...sentry)).toMatchObject({ code: 0 });
    expect((await api('/api/registry/plugins/acme/probe')).body.deprecated).toEqual({
      message: 'Use Sentry.',
      replacement: 'patchbay/sentry',
    });
    expect(await patchbay('deprecate', 'acme/probe', '--undo')).toMatchObject({ code: 0 });
    expect(await patchbay('deprecate', 'patchbay/sentry', '--message', 'x')).toMatchObject({
      code: 1,
      report: { error: { code: 'NAMESPACE_FORBIDDEN' } },
    });
  });

  it('keeps its version and its namespace for its author', async () => {
    await writeFile(join(folder, 'probe/README.md'), '# Other words\n');
    expect(await publish('probe')).toMatchObject({ code: 1, report: { error: { code: 'VERSION_EXISTS' } } });
    const other = ['--key', 'stranger.pem'];
    const manifest = join(folder, 'probe/plugin.json');
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('"0.1.0"', '"0.2.0"'));
    expect(await publish('probe', ...other)).toMatchObject({
      code: 1,
      report: { error: { code: 'SIGNING_KEY_UNKNOWN', remedy: expect.stringContaining('--key') } },
    });
    expect(await patchbay('init', 'patchbay/evil')).toMatchObject({ code: 0 });
    expect(await publish('evil')).toMatchObject({ code: 1, report: { error: { code: 'NAMESPACE_FORBIDDEN' } } });
  });

  it('is not even uploaded when it does not pass', async () => {
    await patchbay('init', 'acme/leaky');
    await writeFile(join(folder, 'leaky/README.md'), `# Leaky\n\nghp_${'a1B2'.repeat(9)}\n`);
    const outcome = await publish('leaky');
    expect(outcome.code).toBe(1);
    expect(outcome.report.checks.filter((check: { outcome: string }) => check.outcome === 'failed')).toMatchObject([
      { name: 'secrets', findings: [{ place: 'README.md:3:1' }] },
    ]);
  });

  it('says what is missing when the registry is not there or the token is wrong', async () => {
    expect(
      await patchbay('publish', 'probe', '--registry', 'http://127.0.0.1:9', '--token', 'x', '--key', 'author.pem'),
    ).toMatchObject({
      code: 1,
      report: { error: { code: 'REGISTRY_UNAVAILABLE' } },
    });
    expect(
      await patchbay('publish', 'probe', '--registry', host.url, '--token', 'wrong-token-wrong', '--key', 'author.pem'),
    ).toMatchObject({
      code: 1,
      report: { error: { code: 'SESSION_REQUIRED' } },
    });
  });
});
