import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ingestPlugins, runIngest } from '../plugins/plugin-run.ts';

/**
 * Real bodies, captured or published by others, which their licences keep out of this project. They are read from
 * PATCHBAY_PAYLOADS, by default a folder beside the checkout, and the tests are skipped where there is none.
 */
const folder = process.env.PATCHBAY_PAYLOADS ?? fileURLToPath(new URL('../../../shared/payloads', import.meta.url));

/** Vendors whose folder there has another name than their plugin here. */
const otherNames: Record<string, string> = {
  'aws-cloudwatch': 'cloudwatch',
  'azure-monitor': 'azure',
  'better-stack': 'better-uptime',
  'gcp-monitoring': 'google-cloud-monitoring',
  generic: 'webhook',
  'pagerduty-backchannel': 'pagerduty',
};
const pluginOf = (provider: string) => otherNames[provider] ?? provider;
const plugins = new Set(ingestPlugins());

interface Expectation {
  provider: string;
  file: string;
  action: 'trigger' | 'resolve' | 'acknowledge' | 'none' | 'choice' | 'n/a';
  events: number;
  severity: string | null;
}

const expectations: Expectation[] = existsSync(join(folder, 'expected.jsonl'))
  ? readFileSync(join(folder, 'expected.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as Expectation)
      .filter(({ provider }) => plugins.has(pluginOf(provider)))
  : [];

describe.skipIf(expectations.length === 0)(`real payloads (skipped without ${folder})`, () => {
  it.each(expectations.map((entry) => [`${entry.provider}/${entry.file}`, entry] as const))(
    '%s',
    async (path, { provider, action, events, severity }) => {
      const text = readFileSync(join(folder, path), 'utf8');
      const contentType = provider === 'aws-cloudwatch' ? 'text/plain; charset=UTF-8' : 'application/json';
      const outcome = await runIngest(pluginOf(provider), { text, contentType });

      if (action === 'n/a') return void expect(outcome.outcome).not.toBe('error');
      if (action === 'choice') return void expect(['events', 'ignored']).toContain(outcome.outcome);
      if (action === 'none') return void expect(outcome).toMatchObject({ outcome: 'ignored' });
      expect(outcome).toMatchObject({
        outcome: 'events',
        events: Array.from({ length: events }, () => ({ event_action: action })),
      });
      if (severity !== null && outcome.outcome === 'events')
        for (const event of outcome.events) expect(event.payload?.severity).toBe(severity);
    },
  );
});
