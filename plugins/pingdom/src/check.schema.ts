import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const id = z.union([z.string(), z.number()]);

/** https://www.pingdom.com/resources/webhooks/ */
export const checkSchema = z.looseObject({
  check_id: id,
  current_state: z.string(),
  previous_state: scalar.optional(),
  check_name: scalar.optional(),
  check_type: scalar.optional(),
  check_params: z
    .looseObject({
      full_url: scalar.optional(),
      url: scalar.optional(),
      hostname: scalar.optional(),
      port: scalar.optional(),
    })
    .nullish(),
  importance_level: scalar.optional(),
  state_changed_timestamp: scalar.optional(),
  state_changed_utc_time: scalar.optional(),
  description: scalar.optional(),
  long_description: scalar.optional(),
  tags: z.array(scalar).nullish(),
  first_probe: z.looseObject({ location: scalar.optional() }).nullish(),
  second_probe: z.looseObject({ location: scalar.optional() }).nullish(),
});

/** The alerts of Pingdom's BeepManager, before 2017: a query parameter `message` that holds this. */
export const legacySchema = z.looseObject({
  check: id,
  action: scalar.optional(),
  description: scalar.optional(),
  checkname: scalar.optional(),
  host: scalar.optional(),
});
