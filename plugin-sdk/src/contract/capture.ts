import { z } from 'zod';
import { hostReferenceSchema } from './credential.ts';

/**
 * A token that the host takes out of an answer before plugin and journal see it, and keeps as the secret of that name.
 * An answer from there that should hold one and does not is withheld.
 */
export const captureSchema = z
  .strictObject({
    secret: z.string().min(1).max(64),
    host: hostReferenceSchema,
    pathPrefix: z.string().startsWith('/').max(512).default('/'),
    /** RFC 6901, in a JSON body. */
    pointer: z
      .string()
      .regex(/^(\/([^~/]|~[01])*)+$/, 'Expected a JSON pointer such as /token')
      .max(256)
      .optional(),
    header: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,64}$/)
      .optional(),
  })
  .refine(({ pointer, header }) => (pointer === undefined) !== (header === undefined), 'Expected pointer or header');
export type Capture = z.infer<typeof captureSchema>;
