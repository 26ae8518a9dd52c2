import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** https://github.com/louislam/uptime-kuma/wiki/Notification-Methods, versions 1 and 2. */
export const heartbeatSchema = z.looseObject({
  status: z.union([z.string(), z.number()]),
  monitorID: scalar.optional(),
  monitor_id: scalar.optional(),
  time: scalar.optional(),
  msg: scalar.optional(),
  ping: scalar.optional(),
  duration: scalar.optional(),
  important: scalar.optional(),
});

export const monitorSchema = z.looseObject({
  id: scalar.optional(),
  name: scalar.optional(),
  pathName: scalar.optional(),
  url: scalar.optional(),
  hostname: scalar.optional(),
  port: scalar.optional(),
  type: scalar.optional(),
  description: scalar.optional(),
  tags: z.array(z.union([scalar, z.looseObject({ name: scalar.optional(), value: scalar.optional() })])).nullish(),
});
