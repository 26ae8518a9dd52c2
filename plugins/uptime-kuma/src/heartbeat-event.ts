import { dedupKey, eventOf, firstText, hostOf, redactText, severityOf, textOf, webUrl } from '@patchbay/plugin-sdk';
import type { EventAction, Reading, Severity } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import type { heartbeatSchema, monitorSchema } from './heartbeat.schema.ts';

export interface Settings {
  downSeverity: Severity;
  expirySeverity: Severity;
  /** Address of this Uptime Kuma, or undefined. */
  instance: string | undefined;
}

type Heartbeat = z.infer<typeof heartbeatSchema>;
type Monitor = z.infer<typeof monitorSchema>;

/** What is known of a change of state, from a heartbeat or from a body of the operator's own. */
export interface Change {
  state: string;
  monitorId: string | undefined;
  name: string | undefined;
  message: string | undefined;
  monitor: Monitor;
  time?: unknown;
  details?: Record<string, unknown>;
}

/** The numbers of a heartbeat, and the words that stand for them in templates. */
const ACTIONS = new Map<string, EventAction>([
  ['0', 'trigger'],
  ['down', 'trigger'],
  ['1', 'resolve'],
  ['up', 'resolve'],
]);

export function heartbeatChange(heartbeat: Heartbeat, monitor: Monitor): Change {
  return {
    state: String(heartbeat.status),
    monitorId: firstText(monitor.id, heartbeat.monitorID, heartbeat.monitor_id),
    name: firstText(monitor.pathName, monitor.name),
    message: textOf(heartbeat.msg),
    monitor,
    time: heartbeat.time,
    details: { ping: heartbeat.ping ?? null, durationSeconds: heartbeat.duration ?? null },
  };
}

export function changeEvent(change: Change, settings: Settings): Reading {
  const { monitor } = change;
  // Templates put a coloured sign before the word.
  const state = change.state.toLowerCase().replace(/[^a-z0-9]+/g, '');
  const action = ACTIONS.get(state);
  if (action === undefined)
    return { ignored: `The state "${change.state.slice(0, 60)}" is pending, maintenance or unknown, and no alert` };
  const subject = change.monitorId ?? change.name ?? 'monitor';
  const name = change.name ?? `Monitor ${subject}`;
  const reason = change.message === undefined ? undefined : redactText(change.message);
  const url = webUrl(monitor.url);
  const host = hostOf(url);
  const sentence = `${name} is ${action === 'trigger' ? 'down' : 'up again'}`;
  return eventOf({
    action,
    key: monitorKey(settings, subject),
    summary: [action === 'trigger' && reason !== undefined ? `${sentence}: ${reason}` : sentence],
    source: [host, monitor.hostname, name],
    severity: taggedSeverity(monitor) ?? settings.downSeverity,
    kind: textOf(monitor.type) ?? 'monitor',
    component: name,
    timestamp: utcTime(change.time),
    links: [
      [dashboard(settings, change.monitorId), 'Uptime Kuma'],
      [host === undefined ? undefined : redactText(url ?? ''), 'What is checked'],
    ],
    details: {
      state: change.state,
      message: reason ?? null,
      hostname: monitor.hostname ?? null,
      port: monitor.port ?? null,
      description: monitor.description ?? null,
      ...change.details,
    },
  });
}

/** Every Uptime Kuma counts its monitors from 1, and says nowhere which one it is. */
export function monitorKey({ instance }: Settings, subject: string): string {
  const place = instance === undefined ? undefined : (hostOf(instance) ?? instance);
  return place === undefined ? dedupKey('uptime-kuma', subject) : dedupKey('uptime-kuma', place, subject);
}

function dashboard({ instance }: Settings, id: string | undefined): string | undefined {
  const address = webUrl(instance)?.replace(/\/+$/, '');
  return address === undefined || !/^\d{1,15}$/.test(id ?? '') ? address : `${address}/dashboard/${id}`;
}

/** The value of a monitor's tag that is named severity. */
function taggedSeverity({ tags }: Monitor): Severity | undefined {
  for (const tag of tags ?? [])
    if (typeof tag === 'object' && tag !== null && textOf(tag.name)?.toLowerCase() === 'severity')
      return severityOf(tag.value);
  return undefined;
}

/** Heartbeats write UTC without saying so: `2026-03-01 10:00:00.123`. */
function utcTime(value: unknown): string | undefined {
  const text = textOf(value);
  const parts = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,3})?)$/.exec(text ?? '');
  return parts === null ? text : `${parts[1]}T${parts[2]}Z`;
}
