import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const named = z.looseObject({ id: scalar.optional(), name: scalar.optional(), slug: scalar.optional() });

/** https://vercel.com/docs/webhooks/webhooks-api */
export const messageSchema = z.looseObject({
  type: z.string(),
  id: scalar.optional(),
  createdAt: scalar.optional(),
  payload: z.looseObject({
    deployment: z
      .looseObject({
        id: scalar.optional(),
        name: scalar.optional(),
        url: scalar.optional(),
        inspectorUrl: scalar.optional(),
        target: scalar.optional(),
        meta: z.record(z.string(), z.unknown()).nullish(),
      })
      .nullish(),
    // Before 2022 a project was its name.
    project: z.union([scalar, named]).optional(),
    projectId: scalar.optional(),
    projectName: scalar.optional(),
    name: scalar.optional(),
    team: z.union([scalar, named]).optional(),
    target: scalar.optional(),
    url: scalar.optional(),
    links: z.looseObject({ deployment: scalar.optional(), project: scalar.optional() }).nullish(),
  }),
});

export type Message = z.infer<typeof messageSchema>;
