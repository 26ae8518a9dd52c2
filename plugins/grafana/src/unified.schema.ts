import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const labels = z.record(z.string(), scalar);

/**
 * Grafana 8 and later:
 * https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
 * The message's own `title`, `state` and `message` are deprecated, still sent, and say nothing about one alert.
 */
export const unifiedSchema = z.looseObject({
  receiver: scalar.optional(),
  status: scalar.optional(),
  orgId: scalar.optional(),
  externalURL: scalar.optional(),
  groupKey: scalar.optional(),
  truncatedAlerts: scalar.optional(),
  alerts: z.union([
    z.null(),
    z.array(
      z.looseObject({
        status: scalar.optional(),
        labels: labels.nullish(),
        annotations: labels.nullish(),
        startsAt: scalar.optional(),
        endsAt: scalar.optional(),
        values: z.record(z.string(), z.unknown()).nullish(),
        valueString: scalar.optional(),
        generatorURL: scalar.optional(),
        silenceURL: scalar.optional(),
        dashboardURL: scalar.optional(),
        panelURL: scalar.optional(),
        imageURL: scalar.optional(),
        fingerprint: scalar.optional(),
        orgId: scalar.optional(),
      }),
    ),
  ]),
});

export type UnifiedMessage = z.infer<typeof unifiedSchema>;
export type UnifiedAlert = NonNullable<UnifiedMessage['alerts']>[number];
