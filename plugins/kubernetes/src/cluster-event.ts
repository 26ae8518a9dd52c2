import { dedupKey, eventOf, redactText, textOf } from '@patchbay/plugin-sdk';
import type { Reading } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import type { eventSchema } from './kubernetes.schema.ts';
import type { Settings } from './settings.ts';

/** What is known of something that happened to an object of a cluster. */
export interface Happening {
  /** Normal or Warning; other senders have no such field. */
  type: string | undefined;
  reason: string;
  message: string | undefined;
  cluster: string | undefined;
  namespace: string | undefined;
  kind: string;
  name: string;
  /** The sender's word for how bad it is. */
  level?: string | undefined;
  source?: unknown;
  timestamp?: unknown;
  details?: Record<string, unknown>;
}

export function happeningOf(event: z.infer<typeof eventSchema>): Happening {
  const object = event.involvedObject ?? event.regarding ?? {};
  return {
    type: textOf(event.type),
    reason: textOf(event.reason) ?? 'Unknown',
    message: textOf(event.message) ?? textOf(event.note),
    cluster: textOf(event.clusterName),
    namespace: textOf(object.namespace) ?? textOf(event.metadata?.namespace),
    kind: textOf(object.kind) ?? 'Object',
    name: textOf(object.name) ?? 'unknown',
    source: event.source?.host,
    timestamp: event.lastTimestamp ?? event.eventTime ?? event.firstTimestamp ?? event.metadata?.creationTimestamp,
    details: {
      count: event.count ?? null,
      component: event.source?.component ?? event.reportingComponent ?? event.reportingController ?? null,
      host: event.source?.host ?? null,
      fieldPath: object.fieldPath ?? null,
    },
  };
}

/**
 * The event of a happening. Kubernetes says that something is wrong and never that it is over, so nothing resolves
 * but what the settings name as the end of something else.
 */
export function clusterEvent(happening: Happening, settings: Settings): Reading {
  const { type, reason, message, namespace, kind, name } = happening;
  const ends = settings.recoveries.get(reason.toLowerCase());
  const isNormal = type?.toLowerCase() === 'normal';
  if (isNormal && ends === undefined && !settings.normalReasons.has(reason.toLowerCase()))
    return { ignored: `"${reason.slice(0, 100)}" is an event of type Normal, which is no alert` };
  const cluster = happening.cluster ?? settings.cluster;
  const place = namespace === undefined ? name : `${namespace}/${name}`;
  const text = message === undefined ? undefined : redactText(message);
  const sentence = `${reason}: ${kind} ${place}`;
  return eventOf({
    action: ends === undefined ? 'trigger' : 'resolve',
    key: dedupKey('kubernetes', cluster ?? 'cluster', `${namespace ?? ''}/${kind}/${name}`, ends ?? reason),
    summary: [text === undefined ? sentence : `${sentence}: ${text}`],
    source: [cluster, happening.source, place],
    severity: settings.severity(reason, happening.level),
    kind: reason,
    component: `${kind}/${name}`,
    group: namespace ?? cluster,
    timestamp: happening.timestamp,
    links: [],
    details: {
      type: type ?? null,
      reason,
      message: text ?? null,
      cluster: cluster ?? null,
      namespace: namespace ?? null,
      kind,
      name,
      ...happening.details,
    },
  });
}
