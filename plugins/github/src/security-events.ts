import { dedupKey, firstText, textOf } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import { eventOf } from './reading.ts';
import type { Reading, Settings } from './reading.ts';
import type {
  codeScanningAlertSchema,
  dependabotAlertSchema,
  secretScanningAlertSchema,
  vulnerabilityAlertSchema,
} from './security.schema.ts';

const ACTIONS: Record<string, Record<string, 'trigger' | 'resolve'>> = {
  dependabot: {
    created: 'trigger',
    reopened: 'trigger',
    auto_reopened: 'trigger',
    reintroduced: 'trigger',
    fixed: 'resolve',
    dismissed: 'resolve',
    auto_dismissed: 'resolve',
  },
  'code-scanning': {
    created: 'trigger',
    reopened: 'trigger',
    reopened_by_user: 'trigger',
    appeared_in_branch: 'trigger',
    fixed: 'resolve',
    closed_by_user: 'resolve',
  },
  'secret-scanning': {
    created: 'trigger',
    reopened: 'trigger',
    publicly_leaked: 'trigger',
    resolved: 'resolve',
    revoked: 'resolve',
  },
  vulnerability: { create: 'trigger', reopen: 'trigger', dismiss: 'resolve', resolve: 'resolve' },
};

function actionOf(family: string, action: unknown): { action: 'trigger' | 'resolve' } | { ignored: string } {
  const actions = ACTIONS[family] ?? {};
  const known = typeof action === 'string' && Object.hasOwn(actions, action) ? actions[action] : undefined;
  return known === undefined
    ? { ignored: `The action "${String(action)}" neither opens nor closes a security alert` }
    : { action: known };
}

const opened = (action: string) => (action === 'trigger' ? 'open' : 'closed');

export function dependabotAlertEvent(message: z.infer<typeof dependabotAlertSchema>, settings: Settings): Reading {
  const { repository, alert } = message;
  const result = actionOf('dependabot', message.action);
  if ('ignored' in result) return result;
  const advisory = alert.security_advisory;
  const dependency = firstText(alert.dependency?.package?.name, alert.security_vulnerability?.package?.name);
  return eventOf({
    action: result.action,
    key: dedupKey('github', repository.full_name, 'dependabot', alert.number),
    summary: [
      `${repository.full_name}: ${firstText(advisory?.summary, dependency) ?? 'vulnerable dependency'} (Dependabot alert ${alert.number} ${opened(result.action)})`,
    ],
    source: repository.full_name,
    severity: settings.severity(advisory?.severity ?? alert.security_vulnerability?.severity),
    kind: 'dependabot_alert',
    component: dependency,
    timestamp: alert.updated_at,
    links: [
      [alert.html_url, 'Dependabot alert'],
      [repository.html_url, repository.full_name],
    ],
    details: {
      action: message.action,
      ghsa_id: advisory?.ghsa_id ?? null,
      cve_id: advisory?.cve_id ?? null,
      manifest: alert.dependency?.manifest_path ?? null,
    },
  });
}

export function codeScanningAlertEvent(message: z.infer<typeof codeScanningAlertSchema>, settings: Settings): Reading {
  const { repository, alert } = message;
  const result = actionOf('code-scanning', message.action);
  if ('ignored' in result) return result;
  const what = firstText(alert.rule?.description, alert.rule?.name, alert.rule?.id) ?? 'finding';
  return eventOf({
    action: result.action,
    key: dedupKey('github', repository.full_name, 'code-scanning', alert.number),
    summary: [`${repository.full_name}: ${what} (code scanning alert ${alert.number} ${opened(result.action)})`],
    source: repository.full_name,
    severity: settings.severity(alert.rule?.security_severity_level ?? alert.rule?.severity),
    kind: 'code_scanning_alert',
    component: alert.tool?.name,
    links: [
      [alert.html_url, 'Code scanning alert'],
      [repository.html_url, repository.full_name],
    ],
    details: {
      action: message.action,
      rule: alert.rule?.id ?? null,
      tool: alert.tool?.name ?? null,
      ref: message.ref ?? null,
    },
  });
}

export function secretScanningAlertEvent(message: z.infer<typeof secretScanningAlertSchema>): Reading {
  const { repository, alert } = message;
  const result = actionOf('secret-scanning', message.action);
  if ('ignored' in result) return result;
  const secret = firstText(alert.secret_type_display_name, alert.secret_type) ?? 'secret';
  return eventOf({
    action: result.action,
    key: dedupKey('github', repository.full_name, 'secret-scanning', alert.number),
    summary: [
      `${repository.full_name}: leaked ${secret} (secret scanning alert ${alert.number} ${opened(result.action)})`,
    ],
    source: repository.full_name,
    severity: 'critical',
    kind: 'secret_scanning_alert',
    component: secret,
    links: [
      [alert.html_url, 'Secret scanning alert'],
      [repository.html_url, repository.full_name],
    ],
    details: {
      action: message.action,
      secret_type: alert.secret_type ?? null,
      resolution: alert.resolution ?? null,
    },
  });
}

export function vulnerabilityAlertEvent(
  message: z.infer<typeof vulnerabilityAlertSchema>,
  settings: Settings,
): Reading {
  const { repository, alert } = message;
  const result = actionOf('vulnerability', message.action);
  if ('ignored' in result) return result;
  const name = textOf(alert.affected_package_name) ?? 'a dependency';
  const problem = textOf(alert.external_identifier) ?? 'a known vulnerability';
  return eventOf({
    action: result.action,
    key: dedupKey('github', repository.full_name, 'vulnerability', alert.id ?? alert.number ?? name),
    summary: [`${repository.full_name}: ${name} has ${problem} (alert ${opened(result.action)})`],
    source: repository.full_name,
    severity: settings.severity(alert.severity),
    kind: 'repository_vulnerability_alert',
    component: name,
    links: [
      [alert.external_reference, 'Advisory'],
      [repository.html_url, repository.full_name],
    ],
    details: {
      action: message.action,
      affected_range: alert.affected_range ?? null,
      fixed_in: alert.fixed_in ?? null,
    },
  });
}
