import { z } from 'zod';

const row = z.union([z.null(), z.record(z.string(), z.unknown())]);

/** https://supabase.com/docs/guides/database/webhooks */
export const rowChangeSchema = z.looseObject({
  type: z.enum(['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']),
  table: z.string(),
  schema: z.union([z.string(), z.null()]).optional(),
  record: row.optional(),
  old_record: row.optional(),
});

export type RowChange = z.infer<typeof rowChangeSchema>;
