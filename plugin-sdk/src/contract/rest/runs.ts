import { z } from 'zod';

const quarantineSchema = z.object({
  /** What it did again and again: used up the CPU time of a run, or trapped. */
  reason: z.enum(['cpu', 'trap']),
  /** On how many different inputs within an hour. */
  strikes: z.int(),
  since: z.string(),
});

/** What the version that is installed now did since the host was started. */
export const pluginRunsSchema = z.object({
  installationId: z.string(),
  plugin: z.string(),
  version: z.string(),
  runs: z.int(),
  /** Failed runs by error code. */
  errors: z.record(z.string(), z.int()),
  /** What went wrong in deliveries beside their runs, by error code: budgets of a call, requests, writes, events. */
  callErrors: z.record(z.string(), z.int()),
  cpuMillis: z.object({ total: z.number(), p50: z.number(), p99: z.number() }),
  memoryBytesMax: z.int(),
  strikes: z.object({ cpu: z.int(), trap: z.int() }),
  lastRunAt: z.string().nullable(),
  /** Not null: it is not run until a person releases it or installs another version. */
  quarantine: quarantineSchema.nullable(),
});
export type PluginRuns = z.infer<typeof pluginRunsSchema>;

/** GET /api/plugin-runs */
export const pluginRunsListSchema = z.object({ items: z.array(pluginRunsSchema) });

/**
 * GET /api/plugin-runs/mine: errors of the plugins of who asks, over everybody who has them on this host since it was
 * started, without saying who.
 */
export const ownPluginErrorsSchema = z.object({
  items: z.array(z.object({ plugin: z.string(), version: z.string(), code: z.string(), count: z.int() })),
  /** How many errors of a version are not among them, because fewer groups had them than `fewestGroups`. */
  leftOut: z.int(),
  fewestGroups: z.int(),
});
export type OwnPluginErrors = z.infer<typeof ownPluginErrorsSchema>;

/** POST /api/installations/:id/release; `released` is false when it was not quarantined. */
export const releasedSchema = z.object({ released: z.boolean() });
