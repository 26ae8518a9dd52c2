import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const user = z.union([
  z.null(),
  z.looseObject({ id: scalar.optional(), username: scalar.optional(), global_name: scalar.optional() }),
]);

/** https://discord.com/developers/docs/interactions/receiving-and-responding */
export const interactionSchema = z.looseObject({
  type: z.number(),
  id: scalar.optional(),
  application_id: scalar.optional(),
  guild_id: scalar.optional(),
  channel_id: scalar.optional(),
  user: user.optional(),
  member: z.union([z.null(), z.looseObject({ user: user.optional(), nick: scalar.optional() })]).optional(),
  data: z
    .union([
      z.null(),
      z.looseObject({
        name: scalar.optional(),
        custom_id: scalar.optional(),
        values: z.union([z.null(), z.array(scalar)]).optional(),
        options: z.unknown().optional(),
      }),
    ])
    .optional(),
});

export type Interaction = z.infer<typeof interactionSchema>;

/** https://discord.com/developers/docs/events/webhook-events */
export const webhookEventSchema = z.looseObject({
  type: z.number(),
  event: z.union([z.null(), z.looseObject({ type: scalar.optional() })]).optional(),
});
