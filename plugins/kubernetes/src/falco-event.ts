import { dedupKey, eventOf, looseFields, redactText } from '@patchbay/plugin-sdk';
import type { Reading } from '@patchbay/plugin-sdk';
import type { Settings } from './settings.ts';

/** Falco knows the severities of syslog; those that are no alert are below "warning". */
const QUIET = new Set(['debug']);

/** Whether it is a finding of Falco, as Falco or Falcosidekick posts it (https://falco.org/docs/outputs/formatting/). */
export function isFalcoEvent(message: Record<string, unknown>): boolean {
  return ['rule', 'priority', 'output'].every((name) => typeof message[name] === 'string');
}

/** A rule that was broken in a pod, or on a node, is one problem however often. Falco never says that it is over. */
export function falcoEvent(message: Record<string, unknown>, settings: Settings): Reading {
  const fields = looseFields(message, 1);
  const rule = fields.text('rule') ?? 'rule';
  const priority = fields.text('priority') ?? '';
  if (QUIET.has(priority.toLowerCase()))
    return { ignored: `"${rule.slice(0, 100)}" is of priority ${priority}, which is no alert` };
  const details = looseFields({ found: message.output_fields }, 2);
  const at = (name: string): string | undefined => details.text(`found.${name}`, name);
  const namespace = at('k8s.ns.name');
  const pod = at('k8s.pod.name');
  const host = fields.text('hostname');
  const cluster = at('k8s.cluster.name') ?? settings.cluster;
  const place = pod === undefined ? (at('container.name') ?? host) : `${namespace ?? ''}/${pod}`;
  const output = fields.text('output');
  return eventOf({
    action: 'trigger',
    key: dedupKey('kubernetes', cluster ?? 'cluster', 'falco', rule, place ?? 'host'),
    summary: [`${rule}${place === undefined ? '' : ` in ${place}`}`],
    source: [cluster, place, host, 'Falco'],
    severity: settings.severity(rule, priority),
    kind: 'falco',
    component: pod ?? at('container.name'),
    group: namespace ?? cluster,
    timestamp: fields.text('time'),
    links: [],
    details: {
      rule,
      priority,
      output: output === undefined ? null : redactText(output),
      namespace: namespace ?? null,
      pod: pod ?? null,
      host: host ?? null,
    },
  });
}
