import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { createJsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorEnvelopeSchema } from '@patchbay/plugin-sdk/contract/rest/page';
import type { Access } from './access.ts';

export const DOCS_PATH = '/api/docs';

const errorAnswer = {
  description: 'What went wrong, as a code of the error catalogue, and what to do.',
  content: { 'application/json': { schema: z.toJSONSchema(errorEnvelopeSchema, { target: 'draft-2020-12' }) } },
};

/**
 * The API as OpenAPI, with what the schemas of the routes do not say: who may call them, what a refusal looks like, and
 * bodies that are bytes.
 */
export async function installOpenApi(app: FastifyInstance, version: string): Promise<void> {
  const ofSchemas = createJsonSchemaTransform({ skipList: [DOCS_PATH, `${DOCS_PATH}/*`] });
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Patchbay', version, description: 'Alerts in, incidents and tickets out.' },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
    transform: (route) => {
      const { url, ...described } = ofSchemas(route);
      // Routes that describe nothing have no schema, whatever the type says.
      const schema = (described.schema as FastifySchema | undefined) ?? {};
      if ('hide' in schema && schema.hide) return { schema, url };
      const { access = 'public', summary, takes, gives } = route.route.config ?? {};
      return {
        url,
        schema: {
          ...schema,
          ...(summary !== undefined && { summary }),
          description: whoMay(access),
          ...(access === 'public' && { security: [] }),
          ...(takes !== undefined && { body: bytesAs(takes) }),
          response: {
            ...(schema.response as object | undefined),
            ...(gives !== undefined && { 200: { description: 'The bytes.', ...bytesAs(gives) } }),
            default: errorAnswer,
          },
        },
      };
    },
  });
  await app.register(fastifySwaggerUi, { routePrefix: DOCS_PATH, staticCSP: false });
}

function bytesAs(mediaType: string): object {
  return { content: { [mediaType]: { schema: { type: 'string', format: 'binary' } } } };
}

function whoMay(access: Access): string {
  switch (access) {
    case 'public':
      return 'For everybody.';
    case 'integration':
      return 'For senders, with the key or the signature of an integration.';
    case 'registry-admin':
      return 'For admins of the registry.';
    case 'author':
    case 'reviewer':
      return `For ${access}s of the registry, and its admins.`;
    case 'owner':
      return 'For owners of the group.';
    case 'admin':
    case 'member':
    case 'viewer':
      return `For those with the role ${access} in the group, or a higher one.`;
  }
}
