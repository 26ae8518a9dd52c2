import semver from 'semver';
import { z } from 'zod';

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** The first half of a plugin's id: whose it is. */
export const namespaceSchema = z.string().max(40).regex(NAME, 'Expected lower-case words joined by hyphens');

/**
 * `namespace/name`, both lower-case words joined by hyphens. The type is cast and not made by a transform: answers are
 * checked with the same schema, and a transform has no way back.
 */
export const pluginIdSchema = z
  .string()
  .max(80)
  .refine((id) => {
    const parts = id.split('/');
    return parts.length === 2 && parts.every((part) => NAME.test(part) && part.length <= 40);
  }, 'Expected "namespace/name" in lower-case words joined by hyphens') as unknown as z.ZodType<PluginId, string>;
export type PluginId = `${string}/${string}`;

/** An exact semantic version (semver.org), written canonically. */
export const pluginVersionSchema = z
  .string()
  .max(64)
  .refine((version) => semver.valid(version) === version, 'Expected an exact semantic version such as 1.4.0');

/** A range of semantic versions; `*` and the empty range are refused, because they promise the impossible. */
export const versionRangeSchema = z
  .string()
  .max(64)
  .refine((range) => {
    const valid = semver.validRange(range);
    return valid !== null && valid !== '*';
  }, 'Expected a version range such as ^1.0.0');

/** The version of the interface between host and plugins. */
export const HOST_API_VERSION = '1.0.0';

/** True when this host's interface satisfies the range that a plugin asks for. */
export function supportsHostApi(range: string): boolean {
  return semver.satisfies(HOST_API_VERSION, range);
}
