import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiError } from './api-error.ts';

/**
 * A filter whose name is misspelt must not become a list of everything: what a route does not know is refused. Routes
 * without parameters take none to heart, so there is nothing to misunderstand.
 *
 * @throws ApiError BODY_INVALID, with each unknown parameter and those there are
 */
export async function refuseUnknownParameters(request: FastifyRequest): Promise<void> {
  const schema: unknown = request.routeOptions.schema?.querystring;
  if (!(schema instanceof z.ZodObject)) return;
  const known = Object.keys(schema.shape);
  const unknown = Object.keys(request.query as object).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new ApiError('BODY_INVALID', 'The query has a parameter that this list does not know', {
    details: unknown.map((path) => ({ path, message: `There is no such parameter; there are ${known.join(', ')}` })),
  });
}
