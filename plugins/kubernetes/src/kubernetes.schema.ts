import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const labels = z.record(z.string(), scalar);
const object = z.looseObject({
  kind: scalar.optional(),
  namespace: scalar.optional(),
  name: scalar.optional(),
  fieldPath: scalar.optional(),
});

/**
 * An Event of core/v1 or events.k8s.io/v1, alone or as exporters enrich it, and the like of Flux:
 * https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
 */
export const eventSchema = z.looseObject({
  type: scalar.optional(),
  reason: scalar.optional(),
  message: scalar.optional(),
  note: scalar.optional(),
  involvedObject: object.nullish(),
  regarding: object.nullish(),
  source: z.looseObject({ component: scalar.optional(), host: scalar.optional() }).nullish(),
  reportingComponent: scalar.optional(),
  reportingController: scalar.optional(),
  count: scalar.optional(),
  eventTime: scalar.optional(),
  firstTimestamp: scalar.optional(),
  lastTimestamp: scalar.optional(),
  clusterName: scalar.optional(),
  severity: scalar.optional(),
  timestamp: scalar.optional(),
  metadata: z
    .looseObject({ creationTimestamp: scalar.optional(), namespace: scalar.optional(), cluster: scalar.optional() })
    .nullish(),
});

/** What Alertmanager and the senders that imitate it post: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
export const alertsSchema = z.looseObject({
  status: scalar.optional(),
  externalURL: scalar.optional(),
  alerts: z.array(
    z.looseObject({
      status: scalar.optional(),
      labels,
      annotations: labels.nullish(),
      startsAt: scalar.optional(),
      generatorURL: scalar.optional(),
      fingerprint: scalar.optional(),
    }),
  ),
});
