import { z } from 'zod';

export const buildSchema = z.object({ branch: z.string(), passed: z.boolean() });
export type Build = z.infer<typeof buildSchema>;
