import { expect } from 'vitest';
import type { Change, ChangeType, DeliverInput } from '@patchbay/plugin-sdk/contract/envelopes';
import type { HttpAsk } from '@patchbay/plugin-sdk/contract/journal';
import { runPlugin, type HttpReply, type PluginOutcome } from '@patchbay/plugin-sdk/testing/run-plugin';
import { documentText } from '../fakes/jira/atlassian-document.ts';
import { startJira, type JiraStandIn } from '../fakes/jira/jira-server.ts';
import type { JiraIssue } from '../fakes/jira/jira-site.ts';
import { defaultConfiguration, pluginFolder } from './plugin-run.ts';

export const incident: Change['incident'] = {
  id: 'inc_0001',
  number: 7,
  status: 'open',
  severity: 'critical',
  summary: 'Disk full on db-1',
  source: 'db-1:9100',
  dedupKey: 'prometheus-abc',
  integrationType: 'prometheus',
  service: { id: 'svc_1', name: 'Database' },
  openedAt: '2026-01-01T00:00:00.000Z',
  acknowledgedAt: null,
  resolvedAt: null,
  eventCount: 1,
  url: 'https://patchbay.example/incidents/inc_0001',
  links: [{ href: 'https://prometheus.example/graph', text: 'Query' }],
  customDetails: { labels: { alertname: 'DiskFull' } },
};

/** A stand-in for Jira with a connector's memory beside it. */
export class JiraRun {
  jira: JiraStandIn;
  readonly store = new Map<string, { value: unknown; version: number }>();
  #changes = 0;

  private constructor(jira: JiraStandIn) {
    this.jira = jira;
  }

  static async start(...options: Parameters<typeof startJira>): Promise<JiraRun> {
    return new JiraRun(await startJira(...options));
  }

  /** Another Jira in place of this one. */
  async restart(...options: Parameters<typeof startJira>): Promise<void> {
    await this.jira.close();
    this.jira = await startJira(...options);
  }

  /** Carries a change out as a host does, in an instance that is kept between runs; a replay must come to the same. */
  async deliver(
    type: ChangeType,
    about: Partial<Change['incident']> = {},
    {
      configuration = {},
      token = 'token-of-the-bot',
    }: { configuration?: Record<string, unknown>; token?: string } = {},
  ): Promise<PluginOutcome<'deliver'>> {
    this.#changes += 1;
    const input: DeliverInput = {
      abi: 1,
      change: {
        id: `chg_${this.#changes}`,
        type,
        occurredAt: '2026-01-01T00:00:00.000Z',
        incident: { ...incident, ...about },
      },
      delivery: { id: `dlv_${this.#changes}`, attempt: 1 },
      configuration: {
        ...defaultConfiguration('jira'),
        siteUrl: this.jira.url,
        email: 'bot@example.com',
        projectKey: 'OPS',
        ...configuration,
      },
    };
    const call = { folder: pluginFolder('jira'), export: 'deliver', input } as const;
    const world = { http: (ask: HttpAsk) => send(ask, token), store: this.store };
    const kept = await runPlugin({ ...call, world });
    const replayed = await runPlugin({ ...call, journal: kept.journal });
    expect({ ...replayed, usage: kept.usage, runs: kept.runs }).toEqual(kept);
    return kept;
  }

  onlyIssue(): JiraIssue {
    const [issue, ...others] = this.jira.site.issues.values();
    if (issue === undefined || others.length > 0) throw new Error(`There are ${this.jira.site.issues.size} issues`);
    return issue;
  }

  comments(): string[] {
    return this.onlyIssue().comments.map(({ body }) => documentText(body));
  }
}

/** Carries a request out as the host's egress does: credential attached, no answer to a lost one. */
async function send(ask: HttpAsk, token: string): Promise<HttpReply> {
  const headers = { ...ask.headers };
  if (ask.credential === 'apiToken')
    headers.authorization = `Basic ${Buffer.from(`bot@example.com:${token}`).toString('base64')}`;
  try {
    const response = await fetch(ask.url, {
      method: ask.method,
      headers,
      ...(ask.body !== null && 'text' in ask.body ? { body: ask.body.text } : {}),
    });
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
  } catch {
    const safe = ask.method === 'GET' || ask.repeatable;
    return { error: { code: safe ? 'EGRESS_FAILED' : 'OUTCOME_UNKNOWN', message: 'The answer was lost' } };
  }
}
