import { z } from 'zod';

export const checkSchema = z.object({
  site: z.string(),
  state: z.enum(['up', 'down', 'unknown']),
  failures: z.number().optional(),
  priority: z.string().optional(),
  reason: z.string().optional(),
  at: z.number().optional(),
  url: z.string().optional(),
});
