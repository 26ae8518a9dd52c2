import { z } from 'zod';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Kysely } from 'kysely';
import { auditEntrySchema } from '@patchbay/plugin-sdk/contract/rest/identity';
import { pageQuerySchema, pageSchema } from '@patchbay/plugin-sdk/contract/rest/page';
import { cutPage, decodeCursor } from '../api/cursor.ts';
import type { Database } from '../store/schema.ts';

/** The audit log, newest first; ids sort by time, so the primary key is the index. */
export function auditRoutes({ db }: { db: Kysely<Database> }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/api/audit',
      {
        config: { access: 'admin' },
        schema: { querystring: pageQuerySchema, response: { 200: pageSchema(auditEntrySchema) } },
      },
      async (request) => {
        const { cursor, limit } = request.query;
        const after = cursor === undefined ? null : decodeCursor(z.tuple([z.string()]), cursor)[0];
        const rows = await db
          .selectFrom('audit_log')
          .selectAll()
          .where('group_id', '=', request.actor.groupId)
          .$if(after !== null, (query) => query.where('audit_id', '<', after ?? ''))
          .orderBy('audit_id', 'desc')
          .limit(limit + 1)
          .execute();
        return cutPage(
          rows,
          limit,
          (row) => [row.audit_id],
          (row) => ({
            id: row.audit_id,
            at: row.at.toISOString(),
            actor: row.actor,
            action: row.action,
            target: row.target,
            details: row.details,
          }),
        );
      },
    );
  };
}
