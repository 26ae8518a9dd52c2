import { z } from 'zod';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { sql, type Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import { ApiError } from './api-error.ts';

const ok = z.object({ status: z.literal('ok') });

/** `live`: the process answers. `ready`: it can accept alerts, so the database answers too. */
export function healthRoutes({ db }: { db: Kysely<Database> }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/health/live',
      { config: { access: 'public' }, schema: { response: { 200: ok } }, logLevel: 'warn' },
      () => ({
        status: 'ok' as const,
      }),
    );
    app.get(
      '/health/ready',
      { config: { access: 'public' }, schema: { response: { 200: ok } }, logLevel: 'warn' },
      async () => {
        try {
          await sql`select 1`.execute(db);
        } catch (cause) {
          throw new ApiError('DATABASE_UNAVAILABLE', undefined, { retryAfterSeconds: 5, cause });
        }
        return { status: 'ok' as const };
      },
    );
  };
}
