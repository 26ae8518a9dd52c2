import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startedHostData } from '../support/databases.ts';
import { startHost, type HostProcess } from '../support/host-process.ts';
import { ROOT } from './root.ts';

const reportSchema = z.object({
  held: z.int(),
  failed: z.int(),
  skipped: z.int(),
  results: z.array(z.object({ name: z.string(), verdict: z.string(), wrong: z.array(z.string()).optional() })),
});

/** One of every kind that can be made by an API. */
const ATTACKS = [
  'loops/in-a-call',
  'loops/in-a-getter',
  'loader/ungranted-capability',
  'loader/truncated',
  'loader/shared-memory',
  'memory/by-strings',
  'traps/unreachable',
  'output/not-utf-8',
  'manifests/secret-in-a-body',
  'network/metadata',
  'network/another-port',
  'journal/ask-that-is-a-number',
];

describe('the hostile plugins against a host that runs somewhere', () => {
  const newHostData = startedHostData();
  let host: HostProcess;
  beforeAll(async () => {
    host = await startHost({ ...(await newHostData()), environment: { INTEGRATION_RATE_LIMIT: 'false' } });
  });
  afterAll(async () => void (await host?.stop()));

  const hostile = (...args: string[]): Promise<{ code: number; out: string; errors: string }> =>
    new Promise((resolve) => {
      const command = [join(ROOT, 'host/start/run-typescript.mjs'), 'test/hostile/main.ts', ...args];
      const options = { cwd: ROOT, maxBuffer: 2 ** 24 };
      const child = execFile(process.execPath, command, options, (_error, out, errors) =>
        resolve({ code: child.exitCode ?? -1, out, errors }),
      );
    });

  const integrations = async (): Promise<unknown> => (await host.request('/api/integrations')).json();

  it('are held by it, and others are served all the while', async () => {
    const before = await integrations();
    const { code, out, errors } = await hostile('--url', host.url, '--token', host.token, '--json', ...ATTACKS);
    expect(code, errors).toBe(0);
    const report = reportSchema.parse(JSON.parse(out));
    expect(report.results.filter(({ verdict }) => verdict !== 'held')).toEqual([]);
    expect(report.held).toBeGreaterThanOrEqual(ATTACKS.length);
    expect(await integrations()).toEqual(before);
  });

  it('say which of them cannot be made so', async () => {
    const { code, out } = await hostile('--url', host.url, '--token', host.token, '--json', 'process/read-a-file');
    expect(reportSchema.parse(JSON.parse(out))).toMatchObject({ held: 0, failed: 0, skipped: 1 });
    // Nothing held is nothing shown.
    expect(code).toBe(1);
  });

  it('do not begin without a token', async () => {
    expect(await hostile('--url', host.url, 'loops')).toMatchObject({ code: 2 });
  });
});
