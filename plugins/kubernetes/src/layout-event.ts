import { dedupKey, eventOf, looseFields } from '@patchbay/plugin-sdk';
import type { MessageReading } from '@patchbay/plugin-sdk';
import { clusterEvent } from './cluster-event.ts';
import type { Settings } from './settings.ts';

/** What kubewatch and Botkube report of every object, and what is no problem. */
const CHANGES = new Set(['created', 'updated', 'deleted', 'create', 'update', 'delete', 'info']);

/**
 * Reads what exporters send by a layout of the operator, and what kwatch, Botkube, kubewatch and Robusta send: by the
 * names of the fields, whatever their case.
 */
export function layoutEvent(message: unknown, place: string, settings: Settings): MessageReading {
  const fields = looseFields(message, 4);
  const reason = fields.text('reason', 'aggregation_key');
  const text = fields.text('message', 'msg', 'note', 'error', 'text', 'description', 'summary', 'events');
  const title = fields.text('title', 'summary');
  const name = fields.text('involvedObject.name', 'podName', 'objectName', 'subject.name', 'name', 'pod', 'node');
  const subject = reason ?? title;
  if (subject === undefined)
    return { issues: [{ path: `${place}reason`, message: 'Expected an Event, or reason and name of an object' }] };

  const type = fields.text('type', 'eventType');
  if ([type, reason].some((word) => CHANGES.has(word?.toLowerCase() ?? '')))
    return { ignored: `"${(type ?? subject).slice(0, 60)}" is a change of an object, and no alert` };
  const level = fields.text('severity', 'level', 'priority');
  const cluster = fields.text('cluster', 'clusterName', 'kubernetesCluster');
  const namespace = fields.text('namespace', 'involvedObject.namespace');
  const timestamp = fields.text('timestamp', 'lastTimestamp', 'eventTime', 'time');
  const container = fields.text('container');
  const shown = text === 'No events captured' ? undefined : text;
  if (name !== undefined && reason !== undefined)
    return clusterEvent(
      {
        type,
        reason,
        message: shown,
        cluster,
        namespace,
        kind: fields.text('involvedObject.kind', 'objectKind', 'kind') ?? 'Pod',
        name,
        level,
        timestamp,
        details: container === undefined ? {} : { container },
      },
      settings,
    );
  const where = cluster ?? settings.cluster;
  const state = fields.text('status')?.toLowerCase();
  return eventOf({
    action: state === 'resolved' ? 'resolve' : 'trigger',
    key: dedupKey('kubernetes', where ?? 'cluster', fields.text('fingerprint') ?? subject),
    summary: [title ?? `${subject}: ${shown ?? ''}`],
    source: [where, namespace, 'Kubernetes'],
    severity: settings.severity(reason, level),
    kind: reason ?? 'finding',
    group: namespace ?? where,
    timestamp,
    links: [[fields.text('url', 'investigate_uri', 'link'), 'Details']],
    details: { reason: reason ?? null, message: shown ?? null, cluster: where ?? null, namespace: namespace ?? null },
  });
}
