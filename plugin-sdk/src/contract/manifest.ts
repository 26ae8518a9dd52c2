import { z } from 'zod';
import { captureSchema } from './capture.ts';
import { credentialFields, credentialSchema, secretParts } from './credential.ts';
import { authenticationSchema, settingsOf } from './verifier.ts';
import { configurationSchemaSchema } from './configuration.ts';
import { permissionsSchema } from './permissions.ts';
import { publishedRangesSchema } from './published-ranges.ts';
import { pluginIdSchema, pluginVersionSchema, versionRangeSchema } from './plugin-id.ts';
import { sandboxLimits } from './limits.ts';

export const environments = ['production', 'staging', 'development'] as const;
export const environmentSchema = z.enum(environments);
export type Environment = z.infer<typeof environmentSchema>;

export const pluginExports = ['ingest', 'deliver', 'callback', 'actions', 'schedule'] as const;
export const pluginExportSchema = z.enum(pluginExports);
export type PluginExport = z.infer<typeof pluginExportSchema>;

/** Names in `/api/integrations/{type}` that belong to the platform; `patchbay` is the type of its own incidents. */
export const reservedTypes = ['webhooks', 'inbound', 'health', 'events', 'patchbay'] as const;

export const integrationTypeSchema = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'Expected lower-case words joined by hyphens')
  .max(40)
  .refine((type) => !(reservedTypes as readonly string[]).includes(type), 'This type is reserved');

export const secretDeclarationSchema = z.strictObject({
  name: z.string().regex(/^[a-z][A-Za-z0-9]{0,63}$/, 'Expected a camelCase name'),
  title: z.string().min(1).max(80),
  description: z.string().max(400).optional(),
  required: z.boolean().default(true),
  credential: credentialSchema,
});
export type SecretDeclaration = z.infer<typeof secretDeclarationSchema>;

/** plugin.json. Unknown fields are refused, so that a typing error is not a silent default. */
export const manifestSchema = z
  .strictObject({
    $schema: z.string().optional(),
    id: pluginIdSchema,
    version: pluginVersionSchema,
    hostApi: versionRangeSchema,
    name: z.string().min(1).max(60),
    /** One line for cards and search results. */
    summary: z.string().min(1).max(160),
    vendor: z.string().max(60).optional(),
    homepage: z.url({ protocol: /^https$/ }).optional(),
    licence: z.string().min(1).max(60),
    categories: z
      .array(z.enum(['monitoring', 'ci', 'ticketing', 'chat', 'status-page', 'commerce', 'generic']))
      .min(1)
      .max(3),
    keywords: z.array(z.string().min(1).max(30)).max(10).default([]),
    icon: z
      .string()
      .regex(/^[\w./-]+\.svg$/)
      .default('icon.svg'),
    provides: z.array(pluginExportSchema).min(1),
    /**
     * A file of the plugin's folder that another compiler made: an Extism module. It is packed instead of what
     * `src/index.ts` would give, and nobody can make it again from the sources.
     */
    module: z
      .string()
      .max(200)
      .regex(/^(?!.*\.\.)[\w-][\w./-]*\.wasm$/, 'Expected the path of a .wasm file in the folder of the plugin')
      .optional(),
    /** The `{type}` of `/api/integrations/{type}`; needed by plugins that provide `ingest`. */
    integrationType: integrationTypeSchema.optional(),
    authentication: authenticationSchema.prefault({}),
    /**
     * Settings of an installation (connectors) and of each integration (ingest). Of a plugin that provides both, an
     * integration's settings stand over those of its installation.
     */
    configuration: configurationSchemaSchema.prefault({}),
    secrets: z.array(secretDeclarationSchema).max(10).default([]),
    capture: z.array(captureSchema).max(5).optional(),
    permissions: permissionsSchema.default({}),
    limits: z
      .strictObject({ responseBytes: z.int().min(1).max(sandboxLimits.responseBytesMax).optional() })
      .default({}),
    /** Set for senders that disable a webhook after a 4xx: an invalid payload is stored and answered 2xx. */
    acceptInvalid: z.boolean().default(false),
    /** Its acknowledging and resolving events may name a person, and then act on any incident of the group. */
    actsForPeople: z.boolean().default(false),
    /** Where the vendor says which addresses it sends from. */
    publishedRanges: z.array(publishedRangesSchema).min(1).max(10).optional(),
    /** Text that an operator pastes into the vendor's settings when the vendor has no body of its own. */
    senderTemplate: z.strictObject({ label: z.string().max(80), text: z.string().max(8000) }).optional(),
    /** Reserved. Every plugin is free; saying so changes nothing. */
    pricing: z
      .strictObject({
        model: z.enum(['free'], { error: 'Reserved: every plugin is free, and there is no other model' }),
      })
      .optional(),
    /** Reserved, and refused: who installs a plugin chooses the environment. */
    environments: z.array(environmentSchema).optional(),
  })
  .superRefine((manifest, context) => {
    const ingest = manifest.provides.includes('ingest');
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (ingest && manifest.integrationType === undefined)
      refuse('integrationType', 'A plugin that provides ingest names its integration type');
    if (!ingest && manifest.integrationType !== undefined)
      refuse('integrationType', 'Only a plugin that provides ingest has an integration type');
    if (manifest.environments !== undefined)
      refuse('environments', 'Reserved: a plugin cannot be for some environments only; who installs it chooses one');
    const deliver = manifest.provides.includes('deliver');
    if (ingest && !deliver && Object.keys(manifest.permissions).length > 0)
      refuse('permissions', 'Ingest is pure: a plugin that provides nothing else may have no permissions');
    if (manifest.publishedRanges !== undefined && !ingest)
      refuse('publishedRanges', 'Only a plugin that provides ingest has senders');
    if (manifest.actsForPeople && !ingest)
      refuse('actsForPeople', 'Only a plugin that provides ingest acts for people');
    for (const name of manifest.configuration.required)
      if (!Object.hasOwn(manifest.configuration.properties, name))
        refuse('configuration', `Required field "${name}" is not among the properties`);
    const fields = manifest.configuration.properties;
    const references = [...(manifest.permissions.http ?? []), ...(manifest.capture ?? [])].map(({ host }) => host);
    const read = [
      ...references.flatMap((host) => (typeof host === 'object' ? [host.configuration] : [])),
      ...manifest.secrets.flatMap(({ credential }) => credentialFields(credential)),
    ];
    for (const field of read)
      if (!Object.hasOwn(fields, field))
        refuse('permissions', `A host or credential refers to configuration field "${field}", which does not exist`);
    for (const { secret } of manifest.capture ?? []) {
      const target = manifest.secrets.find(({ name }) => name === secret);
      if (target === undefined || target.required || secretParts(target.credential) !== null)
        refuse('capture', `"${secret}" is no optional secret of one part; a token can be kept in nothing else`);
    }
    for (const setting of settingsOf(manifest.authentication.signatures))
      if (!Object.hasOwn(fields, setting))
        refuse('authentication', `A signature refers to configuration field "${setting}", which does not exist`);
    const names = manifest.secrets.map((secret) => secret.name);
    if (new Set(names).size !== names.length) refuse('secrets', 'Two secrets have the same name');
  });

export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestInput = z.input<typeof manifestSchema>;
