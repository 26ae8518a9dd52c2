import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** Dashboard alerting, Grafana 4 to 10: one message for one rule, whatever its number of series. */
export const legacySchema = z.looseObject({
  // Gateways shorten the word.
  state: z.enum(['alerting', 'alert', 'ok', 'no_data', 'pending', 'paused', 'unknown']),
  // Templates of gateways leave it out; the name stands for it then.
  ruleId: z.union([z.string(), z.number()]).nullish(),
  ruleName: scalar.optional(),
  ruleUrl: scalar.optional(),
  // What OnCall calls an alert in the webhooks that it takes.
  alert_uid: scalar.optional(),
  title: scalar.optional(),
  message: scalar.optional(),
  imageUrl: scalar.optional(),
  orgId: scalar.optional(),
  dashboardId: scalar.optional(),
  panelId: scalar.optional(),
  // An empty list where there are none, from senders written in PHP and Lua.
  tags: z.union([z.record(z.string(), scalar), z.array(z.unknown())]).nullish(),
  evalMatches: z
    .array(
      z.looseObject({
        metric: scalar.optional(),
        value: z.unknown().optional(),
        tags: z.record(z.string(), scalar).nullish(),
      }),
    )
    .nullish(),
});

export type LegacyMessage = z.infer<typeof legacySchema>;
