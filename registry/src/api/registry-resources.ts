import { z } from 'zod';
import { requiredChecks } from '@patchbay/plugin-sdk/checks/check-result';
import { manifestSchema } from '@patchbay/plugin-sdk/contract/manifest';
import { pluginIdSchema, pluginVersionSchema } from '@patchbay/plugin-sdk/contract/plugin-id';
import { pageSchema } from '@patchbay/plugin-sdk/contract/rest/page';
import { deprecationSchema } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { envelopeSchema, listEnvelopeSchema } from '@patchbay/plugin-sdk/package/dsse';

/** What a registry says over HTTP and in the same process. Whoever asks parses it: a registry may be a stranger's. */
const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** GET /api/registry/key */
export const registryKeySchema = z.object({ keyId: digest, publicKey: z.string().max(4096) });

export const catalogueSorts = ['installs', 'rating', 'updated', 'name'] as const;

/** GET /api/registry/plugins */
export const catalogueQuerySchema = z.object({
  q: z.string().max(100).optional(),
  category: z.string().max(40).optional(),
  provides: z.string().max(40).optional(),
  integrationType: z.string().max(40).optional(),
  sort: z.enum(catalogueSorts).default('installs'),
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type CatalogueQuery = z.output<typeof catalogueQuerySchema>;

export const catalogueEntrySchema = z.object({
  id: pluginIdSchema,
  version: pluginVersionSchema,
  name: z.string(),
  summary: z.string(),
  vendor: z.string().nullable(),
  categories: z.array(z.string()),
  provides: z.array(z.string()),
  integrationType: z.string().nullable(),
  firstParty: z.boolean(),
  installs: z.int(),
  /** Left out by registries that are older than this field. */
  deprecated: deprecationSchema.nullable().default(null),
  updatedAt: z.string(),
});
export type CatalogueEntry = z.infer<typeof catalogueEntrySchema>;
export const cataloguePageSchema = pageSchema(catalogueEntrySchema);

/** With every answer of the catalogue: the registry's signature over question, answer and number. */
const signed = { signed: envelopeSchema };
export const signedCataloguePageSchema = cataloguePageSchema.extend(signed);

export const checkSummarySchema = z.object({
  name: z.enum(requiredChecks),
  outcome: z.enum(['passed', 'failed', 'errored']),
  summary: z.string(),
});

/** GET /api/registry/plugins/:namespace/:name?version= */
export const releaseSchema = z.object({
  id: pluginIdSchema,
  version: pluginVersionSchema,
  state: z.enum(['published', 'held', 'yanked', 'revoked']),
  /** Why it is not offered; null while it is. */
  reason: z.string().nullable(),
  firstParty: z.boolean(),
  installs: z.int(),
  deprecated: deprecationSchema.nullable(),
  manifest: manifestSchema,
  sha256: digest,
  moduleSha256: digest,
  packedBytes: z.int(),
  imports: z.array(z.string()),
  readme: z.string(),
  changelog: z.string().nullable(),
  icon: z.string(),
  publishedAt: z.string(),
  updatedAt: z.string(),
  author: z.object({ keyId: digest, publicKey: z.string().max(4096), envelope: envelopeSchema }),
  registry: z.object({ keyId: digest, envelope: envelopeSchema }),
  versions: z.array(z.object({ version: pluginVersionSchema, publishedAt: z.string(), state: z.string() })),
  checks: z.array(checkSummarySchema),
});
export type Release = z.infer<typeof releaseSchema>;

export const signedReleaseSchema = releaseSchema.extend(signed);

/** GET /api/registry/revocations/signed?host=&applied= */
export const signedRevocationsSchema = z.object({ envelope: listEnvelopeSchema });
