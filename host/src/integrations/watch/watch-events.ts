import { newId, type IntegrationId } from '@patchbay/plugin-sdk/contract/ids';
import type { EventPayload } from '@patchbay/plugin-sdk/contract/event-payload';
import type { KeyedEvent } from '../../incidents/keyed-event.ts';
import { storableJson } from '../../store/storable.ts';
import { failedPercent, type FailingRow } from './failures.ts';
import type { Refusals } from './refusals.ts';
import type { SilentRow } from './silence.ts';
import { alertKey, WATCH_TYPE, type AlertKind, type OpenAlert, type WatchedRow } from './watch-alerts.ts';

/** Who stands in the timeline for what the host has found by itself. */
const ACTOR = 'Patchbay';
const PATIENCE = 'If this is as it should be, switch the watch off in the settings of the integration.';

export function silentEvent(
  row: SilentRow,
  refusals: Refusals,
  now: number,
  order: number,
  publicUrl: string,
): KeyedEvent {
  const turnedAway =
    refusals.count === 0
      ? 'Nothing was turned away at the door either, so nothing of it arrives here.'
      : `${refusals.count} requests were turned away at the door since then, the last with ${refusals.code ?? 'no code'}: check its key and its signature secret first.`;
  return triggerEvent('silent', row, order, publicUrl, {
    summary: `“${row.name}” is silent: nothing came for ${durationWords(now - row.last_at.getTime())}`,
    details: {
      silentSince: row.last_at.toISOString(),
      usualLongestSilence: durationWords(row.longest_gap_ms),
      usualRequestsPerHour: Math.round(row.hourly),
      requestsInTheWeekBefore: row.requests,
      turnedAwaySince: refusals.count,
      whatToDo: `See whether the sender still runs and still posts to the address of this integration. ${turnedAway} ${PATIENCE}`,
    },
  });
}

export function failingEvent(
  row: FailingRow,
  latest: { code: string | null; reason: string | null } | undefined,
  order: number,
  publicUrl: string,
): KeyedEvent {
  const { recent, usual } = row;
  return triggerEvent('failing', row, order, publicUrl, {
    summary: `“${row.name}” fails: ${recent.failed} of its last ${recent.failed + recent.success} requests`,
    details: {
      failed: recent.failed,
      succeeded: recent.success,
      failedPercent: percent(failedPercent(recent)),
      usuallyFailedPercent: percent(failedPercent(usual)),
      ...(latest === undefined ? {} : { latestCode: latest.code, latestReason: latest.reason }),
      whatToDo: `Open the integration and look at its last requests: each says why it failed. What failed in the plugin is tried again, and can be replayed once the plugin is put right. ${PATIENCE}`,
    },
  });
}

/** @param note why it is over */
export function overEvent(alert: OpenAlert, note: string, order: number): KeyedEvent {
  const key = alertKey(alert.kind, alert.integration_id);
  const payload: EventPayload = { event_action: 'resolve', dedup_key: key };
  return {
    ...eventBase(alert, key, order),
    action: 'resolve',
    problem: null,
    severity: null,
    summary: null,
    payload: storableJson(payload),
    note,
  };
}

function triggerEvent(
  kind: AlertKind,
  row: WatchedRow,
  order: number,
  publicUrl: string,
  { summary, details }: { summary: string; details: Record<string, unknown> },
): KeyedEvent {
  const key = alertKey(kind, row.integration_id);
  const customDetails = {
    integration: row.name,
    integrationType: row.type,
    integrationId: row.integration_id,
    ...details,
  };
  const links = [{ href: `${publicUrl}/integrations/${row.integration_id}`, text: row.name }];
  const payload: EventPayload = {
    event_action: 'trigger',
    dedup_key: key,
    payload: { summary, source: ACTOR, severity: 'error', custom_details: customDetails },
    links,
  };
  return {
    ...eventBase(row, key, order),
    action: 'trigger',
    problem: { severity: 'error', summary, source: ACTOR, customDetails, links },
    severity: 'error',
    summary,
    payload: storableJson(payload),
    note: null,
  };
}

function eventBase(
  row: Pick<WatchedRow, 'group_id' | 'service_id' | 'service_name' | 'environment'> & { integration_id: IntegrationId },
  dedupKey: string,
  order: number,
) {
  return {
    id: newId('event', Math.floor(order / 1000)),
    groupId: row.group_id,
    serviceId: row.service_id,
    serviceName: row.service_name,
    environment: row.environment,
    type: WATCH_TYPE,
    dedupKey,
    order,
    ordinal: 0,
    requestId: null,
    integrationId: row.integration_id,
    actor: ACTOR,
  } as const;
}

function percent(value: number): number {
  return Math.round(value * 100) / 100;
}

const MINUTE_MS = 60_000;

/** "4 minutes", "3 h 5 min", "2 d 4 h". */
function durationWords(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS);
  if (minutes < 60) return minutes === 1 ? '1 minute' : `${minutes} minutes`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
