import type { EventAction } from '@patchbay/plugin-sdk';

/** https://docs.splunk.com/observability/en/sp-oncall/alerts/rest-endpoint.html and the phases of an incident. */
const ACTIONS: Record<string, EventAction> = {
  critical: 'trigger',
  warning: 'trigger',
  info: 'trigger',
  unacked: 'trigger',
  triggered: 'trigger',
  acknowledgement: 'acknowledge',
  acknowledged: 'acknowledge',
  acknowledge: 'acknowledge',
  ack: 'acknowledge',
  acked: 'acknowledge',
  recovery: 'resolve',
  resolved: 'resolve',
  ok: 'resolve',
  up: 'resolve',
};

const SEVERITIES = new Set(['critical', 'warning', 'info']);

const plain = (word: string | undefined): string => word?.trim().toLowerCase() ?? '';

export function actionOf(word: string | undefined): EventAction | undefined {
  return Object.hasOwn(ACTIONS, plain(word)) ? ACTIONS[plain(word)] : undefined;
}

/** Only these say how bad it is: an acknowledgement or a recovery does not. */
export const isSeverity = (word: string | undefined): boolean => SEVERITIES.has(plain(word));
