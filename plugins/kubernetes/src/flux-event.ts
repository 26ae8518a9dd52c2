import { dedupKey, eventOf, redactText, textOf } from '@patchbay/plugin-sdk';
import type { Reading } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import type { eventSchema } from './kubernetes.schema.ts';
import type { Settings } from './settings.ts';

type Message = z.infer<typeof eventSchema>;

/** What says that an object is as it should be; `Progressing` and the like say nothing yet. */
const GOOD = /Succeeded$|^(NewArtifact|ArtifactUpToDate|Available|Ready)$/i;

/** Flux's controllers write a severity, in the place where Kubernetes has the type of an event. */
export function isFluxEvent(message: Message): boolean {
  return textOf(message.type) === undefined && textOf(message.severity) !== undefined;
}

/**
 * The event of an Event of Flux (https://fluxcd.io/flux/components/notification/events/). Flux tries an object again and
 * again, so an object has one problem: the next success ends it, whatever the reason of the failure was.
 */
export function fluxEvent(message: Message, settings: Settings): Reading {
  const object = message.involvedObject ?? message.regarding ?? {};
  const kind = textOf(object.kind) ?? 'Object';
  const name = textOf(object.name) ?? 'unknown';
  const namespace = textOf(object.namespace);
  const reason = textOf(message.reason) ?? 'Unknown';
  const level = textOf(message.severity)?.toLowerCase() ?? '';
  const isQuiet = level === 'info' || level === 'trace';
  if (isQuiet && !GOOD.test(reason))
    return { ignored: `"${reason.slice(0, 100)}" is of severity ${level}, which is no alert` };
  const cluster = textOf(message.metadata?.cluster) ?? settings.cluster;
  const place = namespace === undefined ? name : `${namespace}/${name}`;
  const controller = textOf(message.reportingController) ?? 'flux';
  const text = textOf(message.message);
  const sentence = `${reason}: ${kind} ${place}`;
  return eventOf({
    action: isQuiet ? 'resolve' : 'trigger',
    key: dedupKey('kubernetes', cluster ?? 'cluster', 'flux', `${namespace ?? ''}/${kind}/${name}`),
    summary: [text === undefined ? sentence : `${sentence}: ${redactText(text)}`],
    source: [cluster, place],
    severity: settings.severity(reason, level),
    kind: reason,
    component: `${kind}/${name}`,
    group: namespace ?? cluster,
    timestamp: message.timestamp,
    links: [],
    details: { reason, controller, cluster: cluster ?? null, namespace: namespace ?? null, kind, name },
  });
}
