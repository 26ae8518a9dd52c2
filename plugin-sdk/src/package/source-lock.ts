import { z } from 'zod';
import { packageLimits } from '../contract/limits.ts';

/** Where the texts of the bundle's modules lie in a package; below it the paths are those of the plugin's folder. */
export const SOURCES_FOLDER = 'sources/';
export const ENTRY = 'src/index.ts';

/**
 * sources.json: what a package was made from. With the SDK of this version and the listed texts, the compiler gives
 * the module of this package again, byte for byte.
 */
export const sourceLockSchema = z.strictObject({
  sdk: z.string().max(64),
  /** Null for a module that was built elsewhere; the listed texts then say what its author says. */
  entry: z.string().max(packageLimits.pathChars).nullable(),
  modules: z
    .array(
      z.strictObject({
        path: z.string().max(packageLimits.pathChars),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .max(packageLimits.entries),
});
export type SourceLock = z.infer<typeof sourceLockSchema>;
