import { z } from 'zod';
import { sandboxLimits } from './limits.ts';

/**
 * What a plugin may do outside its memory. Each capability is one import of the module, so that the module's own
 * import section proves which of them it can use. What is not listed is denied.
 */
export const capabilities = ['http', 'store', 'emit', 'schedule'] as const;
export type Capability = (typeof capabilities)[number];

export const httpMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export const httpMethodSchema = z.enum(httpMethods);
export type HttpMethod = z.infer<typeof httpMethodSchema>;

const hostName = z
  .string()
  .max(253)
  .regex(
    /^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/,
    'Expected a lower-case host name such as api.example.com',
  );

/** Where a request may go. The host is fixed here or read from a URL in the installation's configuration. */
export const httpPermissionSchema = z.strictObject({
  scheme: z.enum(['https', 'http']).default('https'),
  /** A name (`api.example.com`), or `{configuration: "siteUrl"}`: the origin of that configuration value. */
  host: z.union([hostName, z.strictObject({ configuration: z.string().min(1).max(64) })]),
  port: z.int().min(1).max(65_535).optional(),
  pathPrefix: z.string().startsWith('/').max(512).default('/'),
  methods: z.array(httpMethodSchema).min(1),
  /** Shown to the operator: why the plugin needs this. */
  reason: z.string().min(1).max(200).optional(),
});
export type HttpPermission = z.infer<typeof httpPermissionSchema>;

export const permissionsSchema = z.strictObject({
  http: z.array(httpPermissionSchema).min(1).max(20).optional(),
  store: z.strictObject({ bytes: z.int().min(1).max(sandboxLimits.storeBytes) }).optional(),
  emit: z.strictObject({ kinds: z.array(z.string().min(1).max(64)).min(1).max(20) }).optional(),
  schedule: z.strictObject({ maxDelaySeconds: z.int().min(1).max(604_800) }).optional(),
});
export type Permissions = z.infer<typeof permissionsSchema>;

/** The capabilities that a set of permissions grants, in the fixed order of `capabilities`. */
export function grantedCapabilities(permissions: Permissions): Capability[] {
  return capabilities.filter((capability) => permissions[capability] !== undefined);
}
