import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ingestPlugins, runIngest } from '../plugins/plugin-run.ts';
import { describedRequest, indexRows } from './described-request.ts';

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

const rows = indexRows(folder);

async function run(provider: string, file: string) {
  const path = `${provider}/${file}`;
  const text = readFileSync(join(folder, path), 'utf8');
  return { text, outcome: await runIngest(pluginOf(provider), describedRequest(provider, text, rows.get(path) ?? '')) };
}

/** Files that tell of one problem, as the index says: their events have the same keys. */
const pairs: [provider: string, one: string, other: string][] = [
  ['gcp-monitoring', 'alerta_incident_open.json', 'alerta_incident_closed.json'],
  ['gitlab', 'mm_issue_open.json', 'mm_issue_close.json'],
  ['jira', 'server_issue_updated_reopened.json', 'server_issue_updated_closed.json'],
  ['jira', 'cloud_issue_updated_reopened.json', 'cloud_issue_updated_resolved.json'],
  ['pingdom', 'alerta_http_down.json', 'alerta_http_up.json'],
  ['prometheus', 'alertmanagerbot_v4_firing_pair.json', 'alertmanagerbot_v4_resolved_pair.json'],
  ['statuspage', 'zulip_incident_created.json', 'zulip_incident_update_resolved.json'],
  ['stripe', 'srm_invoice_payment_failed.json', 'srm_invoice_paid.json'],
];
const present = pairs.filter(([provider, ...files]) => files.every((file) => existsSync(join(folder, provider, file))));

/** Fields whose values belong to one run, one commit or one delivery. */
const FLEETING =
  /^(sha|head_sha|commit_id|checkout_sha|run_id|run_number|build_num|job_id|pipeline_id|messageid|event_id|sg_event_id|sg_message_id|delivery_id|workflow_run_id)$/i;

function fleetingValues(value: unknown, name = ''): string[] {
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, entry]) => fleetingValues(entry, key));
  const text = String(value);
  return FLEETING.test(name) && text.length > 4 ? [text] : [];
}

describe.skipIf(expectations.length === 0)(`real payloads (skipped without ${folder})`, () => {
  it.each(expectations.map((entry) => [`${entry.provider}/${entry.file}`, entry] as const))(
    '%s',
    async (_, { provider, file, action, events, severity }) => {
      const { text, outcome } = await run(provider, file);

      if (action === 'n/a') return void expect(outcome.outcome).not.toBe('error');
      if (action === 'choice') return void expect(['events', 'ignored']).toContain(outcome.outcome);
      if (action === 'none') return void expect(outcome).toMatchObject({ outcome: 'ignored' });
      expect(outcome).toMatchObject({
        outcome: 'events',
        events: Array.from({ length: events }, () => ({ event_action: action })),
      });
      if (severity !== null && outcome.outcome === 'events')
        for (const event of outcome.events) expect(event.payload?.severity).toBe(severity);
      // Plain text on a topic has nothing better than the id of its message.
      if (outcome.outcome !== 'events' || file === 'fh_sns_notification_plain_message.json') return;
      const fleeting = file.endsWith('.json') ? fleetingValues(JSON.parse(text)) : [];
      for (const { dedup_key: key } of outcome.events) expect(fleeting.filter((id) => key.includes(id))).toEqual([]);
    },
  );

  it.each(present)('%s: %s and %s share their keys', async (provider, one, other) => {
    const [first, second] = await Promise.all([run(provider, one), run(provider, other)]);
    if (first.outcome.outcome !== 'events' || second.outcome.outcome !== 'events') throw new Error('no events');
    expect(second.outcome.events.map((event) => event.dedup_key)).toEqual(
      first.outcome.events.map((event) => event.dedup_key),
    );
  });
});
