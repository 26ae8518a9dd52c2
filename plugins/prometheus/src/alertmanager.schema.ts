import { z } from 'zod';

// Numbers and nulls stand where the documentation says text (old versions, templates, hand-made senders).
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const labels = z.record(z.string(), scalar);

/** https://prometheus.io/docs/alerting/latest/configuration/#webhook_config, versions 3 and 4. */
export const alertmanagerSchema = z.looseObject({
  version: scalar.optional(),
  groupKey: scalar.optional(),
  receiver: scalar.optional(),
  status: scalar.optional(),
  externalURL: scalar.optional(),
  truncatedAlerts: scalar.optional(),
  alerts: z.union([
    z.null(),
    z.array(
      z.looseObject({
        // The interface of Alertmanager has an object here, whose state is active or suppressed.
        status: z.unknown().optional(),
        labels: labels.nullish(),
        annotations: labels.nullish(),
        startsAt: scalar.optional(),
        endsAt: scalar.optional(),
        generatorURL: scalar.optional(),
        fingerprint: scalar.optional(),
        summary: scalar.optional(),
      }),
    ),
  ]),
});

export type AlertmanagerMessage = z.infer<typeof alertmanagerSchema>;
export type AlertmanagerAlert = NonNullable<AlertmanagerMessage['alerts']>[number];
