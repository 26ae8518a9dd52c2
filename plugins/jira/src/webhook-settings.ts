import { severityOf, severityReader } from '@patchbay/plugin-sdk';
import type { Severity } from '@patchbay/plugin-sdk';

/** The settings of an integration: of what Jira sends, not of what is written to it. */
export interface WebhookSettings {
  severity: (priority: unknown) => Severity;
  projects: string[];
  issueTypes: string[];
  inProgress: 'trigger' | 'acknowledge';
}

/** Jira's own priorities; the operator's names for theirs go before. */
const PRIORITIES: Record<string, Severity> = {
  highest: 'critical',
  blocker: 'critical',
  critical: 'critical',
  high: 'error',
  major: 'error',
  medium: 'warning',
  minor: 'warning',
  low: 'info',
  lowest: 'info',
  trivial: 'info',
};

export function readWebhookSettings(configuration: Record<string, unknown>): WebhookSettings {
  const own = new Map(
    Object.entries(Object(configuration.severities) as Record<string, unknown>).map(([name, word]) => [
      name.trim().toLowerCase(),
      severityOf(word),
    ]),
  );
  const other = severityReader(configuration, 'warning');
  return {
    severity(priority) {
      const name = typeof priority === 'string' ? priority.trim().toLowerCase() : '';
      return own.get(name) ?? (Object.hasOwn(PRIORITIES, name) ? PRIORITIES[name] : undefined) ?? other(priority);
    },
    projects: names(configuration.projects),
    issueTypes: names(configuration.issueTypes),
    inProgress: configuration.inProgress === 'acknowledge' ? 'acknowledge' : 'trigger',
  };
}

function names(setting: unknown): string[] {
  const list: unknown[] = Array.isArray(setting) ? setting : [];
  return list.flatMap((name) => (typeof name === 'string' && name.trim() !== '' ? [name.trim().toLowerCase()] : []));
}
