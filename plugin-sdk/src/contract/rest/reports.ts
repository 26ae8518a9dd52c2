import { z } from 'zod';

/** What can be the matter with a published version. */
export const reportReasons = ['malicious', 'data', 'broken', 'misleading', 'rights', 'other'] as const;
export type ReportReason = (typeof reportReasons)[number];

export const reportStates = ['open', 'dismissed', 'held', 'acted'] as const;
export type ReportState = (typeof reportStates)[number];

/** POST /api/registry/plugins/:namespace/:name/reports */
export const reportInputSchema = z.object({
  version: z.string().min(1).max(64),
  reason: z.enum(reportReasons),
  text: z.string().trim().min(1).max(2000),
});
export type ReportInput = z.output<typeof reportInputSchema>;

/** GET /api/registry/reports?state= */
export const pluginReportSchema = z.object({
  id: z.string(),
  plugin: z.string(),
  version: z.string(),
  reason: z.enum(reportReasons),
  text: z.string(),
  reportedBy: z.string(),
  reportedAt: z.string(),
  state: z.enum(reportStates),
  decidedBy: z.string().nullable(),
  decidedAt: z.string().nullable(),
  /** Why it was decided so. */
  decision: z.string().nullable(),
});
export type PluginReport = z.infer<typeof pluginReportSchema>;
export const pluginReportListSchema = z.object({ items: z.array(pluginReportSchema) });

/** POST /api/registry/reports/:id/decision: `held` takes the version out of the catalogue until a person has looked. */
export const reportDecisionSchema = z.object({
  state: z.enum(['dismissed', 'held', 'acted']),
  reason: z.string().trim().min(1).max(1000),
});
export type ReportDecision = z.output<typeof reportDecisionSchema>;
