import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiError } from './api-error.ts';

/** A list that is given whole has one page, so whoever asks for pages of it is right, too. */
const PAGING = ['cursor', 'limit'];
/** Hosts and registries of different versions talk to each other: a newer one may know more parameters. */
const BETWEEN_HOSTS = '/api/registry/';

/**
 * A filter whose name is misspelt must not become a list of everything: what a route does not know is refused. Routes
 * without parameters take none to heart, so there is nothing to misunderstand.
 *
 * @throws ApiError BODY_INVALID, with each unknown parameter and those there are
 */
export async function refuseUnknownParameters({ query, routeOptions }: FastifyRequest): Promise<void> {
  const schema: unknown = routeOptions.schema?.querystring;
  if (!(schema instanceof z.ZodObject) || routeOptions.url?.startsWith(BETWEEN_HOSTS) === true) return;
  const known = Object.keys(schema.shape);
  const unknown = Object.keys(query as object).filter((name) => !known.includes(name) && !PAGING.includes(name));
  if (unknown.length === 0) return;
  throw new ApiError('BODY_INVALID', 'The query has a parameter that this list does not know', {
    details: unknown.map((path) => ({ path, message: `There is no such parameter; there are ${known.join(', ')}` })),
  });
}
