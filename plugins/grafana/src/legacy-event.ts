import {
  dedupKey,
  firstText,
  labelText,
  linksFrom,
  sourceText,
  summaryText,
  textOf,
  webUrl,
} from '@patchbay/plugin-sdk';
import type { EventDetails, EventPayload } from '@patchbay/plugin-sdk';
import { hostOf } from './grafana-host.ts';
import type { LegacyMessage } from './legacy.schema.ts';
import type { Settings } from './settings.ts';

/** The event of a legacy rule, or why there is none. */
export function legacyEvent(message: LegacyMessage, settings: Settings): EventPayload | { ignored: string } {
  const action = legacyAction(message);
  if (action === undefined)
    return { ignored: `The rule's state is "${message.state}", which is neither bad nor good news` };
  if (settings.ignoreTests && isLegacyTest(message)) return { ignored: "Grafana's test notification arrived" };
  if (ruleOf(message) === undefined) return { ignored: 'The message names no rule' };
  const links = linksFrom([message.ruleUrl, 'Alert rule']);
  const image = webUrl(message.imageUrl);
  return {
    event_action: action,
    dedup_key: legacyKey(message),
    payload: legacyDetails(message, settings),
    ...(links.length > 0 ? { links } : {}),
    ...(image !== undefined ? { images: [{ src: image, alt: 'The panel when the rule changed' }] } : {}),
  };
}

function legacyAction({ state }: LegacyMessage): 'trigger' | 'resolve' | undefined {
  switch (state) {
    case 'alerting':
    case 'alert':
    case 'no_data':
      return 'trigger';
    case 'ok':
      return 'resolve';
    case 'pending':
    case 'paused':
    case 'unknown':
      return undefined;
  }
}

/** The rule of a test has the id 0, or since Grafana 7 a new random one every time. */
function isLegacyTest(message: LegacyMessage): boolean {
  if (message.ruleName !== 'Test notification') return false;
  return (
    Number(message.ruleId) === 0 || /^someone is testing the alert notification/i.test(textOf(message.message) ?? '')
  );
}

/** Rule ids are small numbers that every Grafana counts for itself. */
function legacyKey(message: LegacyMessage): string {
  const address = textOf(message.ruleUrl) ?? '';
  const organisation = textOf(message.orgId) ?? /[?&]orgId=(\d{1,9})/.exec(address)?.[1] ?? '1';
  const rule = isLegacyTest(message) ? 0 : (ruleOf(message) ?? 'rule');
  return dedupKey('grafana', hostOf(address) ?? 'grafana', organisation, 'rule', rule);
}

/** A rule without an id is known by its name, or by a title whose mark in brackets changes with the state. */
function ruleOf(message: LegacyMessage): string | number | undefined {
  const title = textOf(message.title)?.replace(/^\[[^\]]{1,60}\]\s*/, '');
  return message.ruleId ?? firstText(message.ruleName, message.alert_uid, title);
}

function tagsOf({ tags }: LegacyMessage): Record<string, unknown> {
  return tags === null || tags === undefined || Array.isArray(tags) ? {} : tags;
}

function legacyDetails(message: LegacyMessage, settings: Settings): EventDetails {
  const tags = tagsOf(message);
  const rule = textOf(message.ruleName) ?? textOf(message.title);
  const explanation = textOf(message.message);
  const component = labelText(tags.service, tags.component, tags.job);
  const group = labelText(tags.group, tags.environment, tags.team);
  return {
    summary: summaryText(
      rule !== undefined && explanation !== undefined ? `${rule}: ${explanation}` : (rule ?? explanation),
    ),
    source: sourceText(tags.instance, tags.host, hostOf(message.ruleUrl), 'Grafana'),
    severity: legacySeverity(message, settings),
    ...(component !== undefined ? { component } : {}),
    ...(group !== undefined ? { group } : {}),
    class: 'grafana rule',
    custom_details: {
      state: message.state,
      evalMatches: message.evalMatches ?? [],
      tags,
      dashboardId: message.dashboardId ?? null,
      panelId: message.panelId ?? null,
    },
  };
}

function legacySeverity(message: LegacyMessage, settings: Settings): EventDetails['severity'] {
  if (isLegacyTest(message)) return 'info';
  return message.state === 'no_data' ? 'warning' : settings.severity(tagsOf(message).severity);
}
