import { z } from 'zod';
import { configurationSchemaSchema } from '../configuration.ts';
import { secretLimits } from '../limits.ts';
import { environmentSchema, secretDeclarationSchema } from '../manifest.ts';
import { permissionsSchema } from '../permissions.ts';
import { authenticationSchema } from '../verifier.ts';

/** One sentence of a consent, as the operator reads it. */
export const consentLineSchema = z.object({
  kind: z.enum(['http', 'store', 'emit', 'schedule', 'secret', 'act']),
  risk: z.enum(['low', 'medium', 'high']),
  /** "Send POST and PUT requests to https://example.atlassian.net/rest/api/3/" */
  text: z.string(),
  scope: z.string(),
});
export type ConsentLine = z.infer<typeof consentLineSchema>;

/** Its author no longer looks after a plugin; `replacement` is the plugin to use instead. */
export const deprecationSchema = z.object({ message: z.string(), replacement: z.string().nullable() });
export type Deprecation = z.infer<typeof deprecationSchema>;

/** What an installer agrees to; the digest is recomputed by the server and a stale one is refused. */
export const consentSchema = z.object({ digest: z.string(), lines: z.array(consentLineSchema) });
export type Consent = z.infer<typeof consentSchema>;

/** GET /api/plugins?q=&category=&provides=&sort=&cursor=: what can be installed. */
export const pluginCardSchema = z.object({
  id: z.string(),
  version: z.string(),
  name: z.string(),
  summary: z.string(),
  vendor: z.string().nullable(),
  categories: z.array(z.string()),
  provides: z.array(z.string()),
  integrationType: z.string().nullable(),
  /** Path of the sanitised icon on this host. */
  icon: z.string(),
  publisher: z.object({ namespace: z.string(), firstParty: z.boolean() }),
  rating: z.object({ average: z.number().nullable(), count: z.int() }),
  installs: z.int(),
  deprecated: deprecationSchema.nullable(),
  updatedAt: z.string(),
  installed: z.object({ id: z.string(), version: z.string() }).nullable(),
});
export type PluginCard = z.infer<typeof pluginCardSchema>;

/** GET /api/plugins/:namespace/:name?version= */
export const pluginDetailSchema = pluginCardSchema.extend({
  readme: z.string(),
  changelog: z.string().nullable(),
  licence: z.string(),
  homepage: z.string().nullable(),
  hostApi: z.string(),
  permissions: permissionsSchema,
  /** Those that somebody enters: what the host takes out of answers is not among them. */
  secrets: z.array(secretDeclarationSchema),
  configuration: configurationSchemaSchema,
  authentication: authenticationSchema,
  senderTemplate: z.object({ label: z.string(), text: z.string() }).nullable(),
  consent: consentSchema,
  sha256: z.string(),
  signedBy: z.object({ author: z.string(), registry: z.string() }),
  imports: z.array(z.string()),
  versions: z.array(z.object({ version: z.string(), publishedAt: z.string(), state: z.string() })),
  checks: z.array(
    z.object({ name: z.string(), outcome: z.enum(['passed', 'failed', 'errored']), summary: z.string() }),
  ),
});
export type PluginDetail = z.infer<typeof pluginDetailSchema>;

/** GET, POST /api/installations; GET, PATCH, DELETE /api/installations/:id; POST .../update and .../rollback. */
export const installationSchema = z.object({
  id: z.string(),
  plugin: z.string(),
  version: z.string(),
  name: z.string(),
  icon: z.string(),
  provides: z.array(z.string()),
  integrationType: z.string().nullable(),
  environment: environmentSchema,
  state: z.enum(['enabled', 'disabled', 'quarantined']),
  configuration: z.record(z.string(), z.unknown()),
  /** Names of the secrets that are set; values are never shown. */
  secretsSet: z.array(z.string()),
  consent: consentSchema,
  installedAt: z.string(),
  installedBy: z.string(),
  /** The newest version that it may be updated to now. */
  updateAvailable: z.string().nullable(),
  /** The newest version of all, while it is held. */
  heldUpdate: z
    .object({
      version: z.string(),
      /** When it may be taken. */
      eligibleAt: z.string(),
      /** Who wants it before then; one asks, another one confirms. */
      early: z
        .object({ reason: z.string(), askedBy: z.string(), askedAt: z.string(), confirmedBy: z.string().nullable() })
        .nullable(),
    })
    .nullable(),
  /** Null also while the registry is away. */
  deprecated: deprecationSchema.nullable(),
  /** What a rollback goes back to; null when there was no version before. */
  previousVersion: z.string().nullable(),
});
export type Installation = z.infer<typeof installationSchema>;

/** The value of a secret: one text, or its parts by name. */
export const secretInputSchema = z.union([
  z.string().min(1).max(secretLimits.charsMax),
  z.record(z.string().max(64), z.string().min(1).max(secretLimits.charsMax)),
]);
export type SecretInput = z.infer<typeof secretInputSchema>;

const agreedSchema = z.union(
  [z.string().max(128), z.object({ digest: z.string() }).transform(({ digest }) => digest)],
  { error: 'The digest of what you agree to: consent.digest of GET /api/plugins/NAMESPACE/NAME' },
);

export const installationInputSchema = z.object({
  plugin: z.string().min(3).max(80),
  version: z.string().max(64).optional(),
  environment: environmentSchema.default('production'),
  configuration: z.record(z.string(), z.unknown()).default({}),
  secrets: z.record(z.string(), secretInputSchema).default({}),
  /** The digest of the consent shown by GET /api/plugins/..., or `{digest}`; the configured addresses come with it. */
  consent: agreedSchema,
});

/** POST /api/installations/:id/consent: what would be agreed to with these settings. */
export const consentPreviewSchema = z.object({ configuration: z.record(z.string(), z.unknown()) });

export const installationPatchSchema = z.object({
  /** Wanted when a setting sends requests or secrets to another address: the digest of POST .../consent. */
  consent: agreedSchema.optional(),
  configuration: z.record(z.string(), z.unknown()).optional(),
  secrets: z.record(z.string(), secretInputSchema).optional(),
  state: z.enum(['enabled', 'disabled']).optional(),
});

/** POST /api/installations/:id/update: goes to another version, newer or older. */
export const installationUpdateSchema = z.object({
  version: z.string().min(1).max(64),
  /** The digest of the consent of that version. */
  consent: z.string().max(128),
  /**
   * Settings of a connector; left out, those it has are kept. For a plugin that receives requests: what its
   * integrations lack for that version.
   */
  configuration: z.record(z.string(), z.unknown()).optional(),
  /** Secrets that are new or replaced; the others are kept. */
  secrets: z.record(z.string(), secretInputSchema).default({}),
});

/** POST /api/installations/:id/early-update: asks for a held version before its time. */
export const earlyUpdateInputSchema = z.object({
  version: z.string().min(1).max(64),
  /** Stands in the audit log. */
  reason: z.string().trim().min(1, 'Say why it cannot wait').max(500),
});

/** POST /api/installations/:id/early-update/confirm: another admin than the one who asked agrees. */
export const earlyUpdateConfirmationSchema = earlyUpdateInputSchema.pick({ version: true });

/** POST /api/installations/:id/rollback: goes back to the version before, as it was left. */
export const installationRollbackSchema = z.object({ reason: z.string().max(500).optional() });

/** GET /api/publisher-notices: what the registry decided about publishers, and nobody here has agreed to. */
export const publisherNoticeSchema = z.object({
  /** Number of the decision in the registry's log. */
  seq: z.int(),
  namespace: z.string(),
  kind: z.enum(['owners-changed', 'key-lost']),
  /** As the log has it: who decided, owners or keys before and after. */
  details: z.record(z.string(), z.unknown()),
  decidedAt: z.string(),
});
export type PublisherNotice = z.infer<typeof publisherNoticeSchema>;

/** POST /api/publisher-notices/:namespace/agree: to what was decided up to this number. */
export const publisherAgreementSchema = z.object({ upTo: z.int().nonnegative() });
