import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Ends only a test that would never end. */
const PATIENCE = { timeout: 50_000 };
const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
let cli: string;
let folder: string;

beforeAll(async () => {
  cli = join(dist, `cli-test-${process.pid}.mjs`);
  await build({
    entryPoints: [fileURLToPath(new URL('./main.ts', import.meta.url))],
    outfile: cli,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  folder = await mkdtemp(join(tmpdir(), 'patchbay-cli-'));
});
afterAll(() => Promise.all([rm(folder, { recursive: true, force: true }), rm(cli, { force: true })]));

const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];

/** Without what the person who runs the tests is logged in to. */
function quietEnvironment(): NodeJS.ProcessEnv {
  const { PATCHBAY_REGISTRY: _registry, PATCHBAY_TOKEN: _token, ...others } = process.env;
  const configuration = join(folder, 'configuration');
  return { ...others, XDG_CONFIG_HOME: configuration, APPDATA: configuration };
}

async function patchbay(...args: string[]) {
  const child = spawn(process.execPath, [cli, ...args], { cwd: folder, env: quietEnvironment(), stdio });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [code, output, errors] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, output, errors };
}

describe('the command line', () => {
  it.each([
    ['ingest', 'probe', 3],
    ['connector', 'teller', 3],
    ['both', 'bridge', 6],
  ])('makes a plugin of the template %s that passes its own tests and every check of a registry', async (...row) => {
    const [template, name, fixtures] = row;
    expect(await patchbay('init', `acme/${name}`, '--template', template)).toMatchObject({ code: 0 });
    expect(await patchbay('test', name)).toMatchObject({
      code: 0,
      output: expect.stringContaining(`${fixtures} passed, 0 failed`),
    });
    expect(await patchbay('check', name)).toMatchObject({ code: 0, output: expect.stringContaining('12 of 12') });
    expect(JSON.parse((await patchbay('check', name, '--json')).output)).toMatchObject({
      passed: 12,
      inRegistry: ['name', 'known-bad', 'difference'],
    });
  });

  it('says where a request of a connector differs from its fixture', async () => {
    const file = join(folder, 'teller/fixtures/opened.json');
    const fixture = await readFile(file, 'utf8');
    await writeFile(file, fixture.replace('#7 Disk full', '#8 Disk full').replace('"status": 201', '"status": 400'));
    const tested = await patchbay('test', 'teller');
    await writeFile(file, fixture);
    expect(tested).toMatchObject({ code: 1, errors: expect.stringContaining('2 passed, 1 failed') });
    expect(tested.errors).toContain('expected the outcome "delivered", got "failed" (The service answered 400)');
    expect(tested.errors).toContain(
      'requests[0].body.text: expected "#8 Disk full on db-1", got "#7 Disk full on db-1"',
    );
  });

  it('shows output, journal, logs and time of every fixture while it is developed', async () => {
    const { output, code } = await patchbay('dev', 'teller', '--once');
    expect(code).toBe(0);
    expect(output).toMatch(/passed {2}fixtures\/busy.json .* \(\d+ us\)/);
    expect(output).toContain('    retry: The service answered 503');
    expect(output).toContain('    ask 0 http: POST https://api.example.com/v1/messages -> 503');
    expect(output).toContain('    log warn: The service refused {"status":503}');
    const json = await patchbay('dev', 'teller', '--once', '--json');
    expect((JSON.parse(json.output) as { fixtures: unknown[] }).fixtures).toContainEqual(
      expect.objectContaining({
        name: 'fixtures/opened.json',
        outcome: { outcome: 'delivered' },
        journal: [{ number: 0, kind: 'http', what: 'POST https://api.example.com/v1/messages', answer: '201' }],
        logs: [],
        cpuMicros: expect.any(Number),
      }),
    );
  });

  it('tests again when a file changes, and takes requests at a local address', async () => {
    const child = spawn(process.execPath, [cli, 'dev', 'probe', '--port', '0', '--json'], { cwd: folder, stdio });
    const events: Record<string, unknown>[] = [];
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => events.push(JSON.parse(line) as Record<string, unknown>));
    const seen = async (event: string, count = 1) => {
      await expect.poll(() => events.filter((one) => one['event'] === event).length, PATIENCE).toBe(count);
      return events.findLast((one) => one['event'] === event) ?? {};
    };
    try {
      expect(await seen('tested')).toMatchObject({ passed: 3, failed: 0 });
      const { url } = await seen('listening');
      const body = JSON.stringify({ alert: 'Disk full', host: 'db-1', state: 'firing' });
      const answer = await fetch(String(url), { method: 'POST', body });
      expect(await answer.json()).toMatchObject({ outcome: 'events', events: [{ event_action: 'trigger' }] });
      expect(await seen('request')).toMatchObject({ method: 'POST', outcome: 'events' });
      const file = join(folder, 'probe/src/index.ts');
      const source = await readFile(file, 'utf8');
      await writeFile(file, `${source}\n}`);
      expect(await seen('failed')).toMatchObject({
        changed: join('src', 'index.ts'),
        error: { code: 'COMPILE_FAILED' },
      });
      // What worked last still answers.
      expect((await fetch(String(url), { method: 'POST', body })).status).toBe(200);
      await writeFile(file, source);
      expect(await seen('tested', 2)).toMatchObject({ passed: 3 });
    } finally {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('close', resolve));
    }
  });

  it('says how it is told the settings that a plugin needs', async () => {
    const child = spawn(process.execPath, [cli, 'dev', 'bridge', '--port', '0'], { cwd: folder, stdio });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    try {
      await expect.poll(() => output, PATIENCE).toContain('Post a request to ');
      const url = /Post a request to (\S+);/.exec(output)?.[1] ?? '';
      const answer = await fetch(url, { method: 'POST', body: '{}' });
      expect(answer.status).toBe(422);
      const remedy = expect.stringContaining('--config FILE');
      expect(await answer.json()).toMatchObject({ error: { code: 'CONFIGURATION_INVALID', remedy } });
      await expect.poll(() => output, PATIENCE).toMatch(/POST \/ was not run\n.*siteUrl: .*\n.*--config FILE/);
    } finally {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('close', resolve));
    }
  });

  it('packs it, and runs the package as it runs the folder', async () => {
    expect(await patchbay('pack', 'probe', '--out', 'out')).toMatchObject({ code: 0 });
    expect((await readFile(join(folder, 'out/probe.tgz'))).length).toBeGreaterThan(1000);
    await writeFile(join(folder, 'alert.json'), '{"alert":"Disk full","host":"db-1","state":"firing"}');
    await writeFile(join(folder, 'settings.json'), '{"severity":"critical"}');
    for (const plugin of ['probe', 'out/probe.tgz']) {
      const run = await patchbay('run', plugin, 'ingest', 'alert.json', '--config', 'settings.json', '--json');
      expect(run.code).toBe(0);
      expect(JSON.parse(run.output)).toMatchObject({
        plugin: { id: 'acme/probe', version: '0.1.0' },
        outcome: 'events',
        events: [{ event_action: 'trigger', payload: { summary: 'Disk full on db-1', severity: 'critical' } }],
      });
    }
  });

  it('ends with 1 for a payload that is refused, and says why', async () => {
    await writeFile(join(folder, 'other.json'), '{}');
    expect(await patchbay('run', 'probe', 'ingest', 'other.json')).toMatchObject({
      code: 1,
      errors: expect.stringContaining('refused: Expected {alert'),
    });
    await writeFile(join(folder, 'no.json'), 'no');
    const { errors } = await patchbay('run', 'probe', 'ingest', 'no.json');
    expect(errors.match(/is not JSON/g)).toHaveLength(1);
  });

  it('ends with 1 for a plugin that throws, and names the line', async () => {
    const source = `import { defineIntegration } from '@patchbay/plugin-sdk';\nexport default defineIntegration({\n  ingest() {\n    throw new Error('on purpose');\n  },\n});\n`;
    await patchbay('init', 'acme/thrower');
    await writeFile(join(folder, 'thrower/src/index.ts'), source);
    expect(await patchbay('run', 'thrower', 'ingest', 'other.json')).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/PLUGIN_ERROR[\s\S]*on purpose[\s\S]*src\/index\.ts:4:/),
    });
    expect(await patchbay('test', 'thrower')).toMatchObject({ code: 1 });
  });

  it('ends with 1 for a setting that there is not', async () => {
    await writeFile(join(folder, 'wrong.json'), '{"colour":"red"}');
    const run = await patchbay('run', 'probe', 'ingest', 'alert.json', '--config', 'wrong.json', '--json');
    expect(run.code).toBe(1);
    expect(JSON.parse(run.output)).toMatchObject({
      error: { code: 'CONFIGURATION_INVALID', details: [{ path: 'colour' }] },
    });
  });

  it('says with --json what was wrong in the call, and shows progress on standard error without it', async () => {
    const wrong = await patchbay('build', 'probe', '--frob', '--json');
    expect(wrong.code).toBe(2);
    expect(JSON.parse(wrong.output)).toMatchObject({ error: { code: 'USAGE', message: "unknown option '--frob'" } });
    const built = await patchbay('build', 'probe');
    expect(built).toMatchObject({
      code: 0,
      errors: expect.stringMatching(/^Compiling probe \.\.\.\nCompiling probe: /),
    });
    expect(built.output).not.toContain('Compiling');
    expect(await patchbay('build', 'probe', '--json')).toMatchObject({ code: 0, errors: '' });
  });

  it('packs what it can of several, each into its own folder, and says which it could not', async () => {
    await mkdir(join(folder, 'broken'), { recursive: true });
    await writeFile(join(folder, 'broken', 'plugin.json'), '{}');
    const packed = await patchbay('pack', 'broken', 'probe', '--json');
    expect(packed.code).toBe(1);
    expect(JSON.parse(packed.output)).toMatchObject({
      packages: [{ folder: 'broken', error: { code: 'MANIFEST_INVALID' } }, { plugin: { id: 'acme/probe' } }],
    });
    expect((await readFile(join(folder, 'probe/dist/probe.tgz'))).length).toBeGreaterThan(1000);
  });

  it.each([
    [['frob']],
    [['run', 'probe', 'ingest']],
    [['run', 'nowhere', 'ingest', 'alert.json']],
    [['run', 'probe', 'deliver', 'alert.json']],
    [['run', 'probe', 'ingest', 'no-file.json']],
    [['run', 'probe', 'ingest', 'alert.json', '--header', 'nonsense']],
    [['run', 'probe', 'ingest', 'alert.json', '--frob']],
    [['pack']],
    [['pack', 'nowhere']],
    [['init', 'Not An Id']],
    [['dev', 'nowhere']],
    [['dev', 'probe', '--port', 'x']],
    [['replay', 'no-file.json', '--plugin', 'probe']],
    [['login']],
    [['login', '--registry', 'http://127.0.0.1:9']],
    [['status', '--registry', 'nonsense', '--token', 'x']],
    [['yank', 'acme/probe', '1.0.0', '--registry', 'http://127.0.0.1:9', '--token', 'x']],
    [['yank', 'probe', '1.0.0', '--reason', 'x', '--registry', 'http://127.0.0.1:9', '--token', 'x']],
    [['rotate-key', 'acme', '--key', 'nothing.pem', '--next', 'next.pem']],
  ])('ends with 2 for %j', async (args) => {
    const { code, errors, output } = await patchbay(...args);
    expect({ code, said: errors.length > 0, output }).toEqual({ code: 2, said: true, output: '' });
  });

  it('ends a wrong setting of a folder with 1 when a connector is run, showing what it asked for', async () => {
    const incident = {
      ...{
        id: 'inc_1',
        number: 7,
        status: 'open',
        severity: 'error',
        summary: 'Disk full',
        source: 'db-1',
        dedupKey: 'k',
      },
      ...{ integrationType: 'probe', service: { id: 'svc_1', name: 'Shop' }, openedAt: '2026-01-01T00:00:00Z' },
      ...{
        acknowledgedAt: null,
        resolvedAt: null,
        eventCount: 1,
        url: 'https://patchbay.example/i/7',
        links: [],
        customDetails: {},
      },
    };
    const change = { id: 'chg_1', type: 'incident.opened', occurredAt: '2026-01-01T00:00:00Z', incident };
    await writeFile(join(folder, 'change.json'), JSON.stringify(change));
    await writeFile(join(folder, 'site.json'), '{"siteUrl":"https://api.example.com"}');
    const run = await patchbay('run', 'teller', 'deliver', 'change.json', '--config', 'site.json', '--json');
    expect(run.code).toBe(1);
    expect(JSON.parse(run.output)).toMatchObject({
      outcome: 'error',
      journal: [
        {
          number: 0,
          kind: 'http',
          what: 'POST https://api.example.com/v1/messages',
          answer: expect.stringContaining('EGRESS_FAILED'),
        },
      ],
    });
  });
});
