import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const named = z.union([
  z.null(),
  z.looseObject({
    id: scalar.optional(),
    name: scalar.optional(),
    username: scalar.optional(),
    domain: scalar.optional(),
  }),
]);

/** A press of a button or a choice: https://docs.slack.dev/reference/interaction-payloads */
export const interactionSchema = z.looseObject({
  type: z.string(),
  team: named.optional(),
  user: named.optional(),
  channel: named.optional(),
  callback_id: scalar.optional(),
  actions: z
    .union([
      z.null(),
      z.array(
        z.looseObject({
          type: scalar.optional(),
          action_id: scalar.optional(),
          block_id: scalar.optional(),
          name: scalar.optional(),
          value: scalar.optional(),
          selected_option: z.union([z.null(), z.looseObject({ value: scalar.optional() })]).optional(),
          selected_options: z.union([z.null(), z.array(z.looseObject({ value: scalar.optional() }))]).optional(),
        }),
      ),
    ])
    .optional(),
});

export type Interaction = z.infer<typeof interactionSchema>;

/** A message of the Events API: https://docs.slack.dev/apis/events-api */
export const eventCallbackSchema = z.looseObject({
  type: scalar.optional(),
  team_id: scalar.optional(),
  enterprise_id: scalar.optional(),
  api_app_id: scalar.optional(),
  event_time: scalar.optional(),
  event: z.looseObject({ type: z.string() }),
});

export type EventCallback = z.infer<typeof eventCallbackSchema>;
