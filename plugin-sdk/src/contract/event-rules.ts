import { z } from 'zod';
import type { EventPayload } from './event-payload.ts';
import { ruleLimits } from './limits.ts';

/** What a rule may set beside `custom_details.NAME`. */
export const ruleFields = ['severity', 'summary', 'source', 'component', 'group', 'class', 'dedup_key'] as const;
export type RuleField = (typeof ruleFields)[number];

const fieldSchema = z
  .string()
  .regex(
    /^(?:severity|summary|source|component|group|class|dedup_key|custom_details\.(?!__proto__$)\w[\w -]{0,63})$/,
    'Expected severity, summary, source, component, group, class, dedup_key or custom_details.NAME',
  );

/** An expression in CEL (https://cel.dev). */
const expressionSchema = z.string().trim().min(1).max(ruleLimits.expressionChars);

export const ruleChangeSchema = z.union([
  z.strictObject({ field: fieldSchema, value: z.string().max(ruleLimits.valueChars).or(z.number()).or(z.boolean()) }),
  z.strictObject({ field: fieldSchema, expression: expressionSchema }),
]);
export type RuleChange = z.infer<typeof ruleChangeSchema>;

/** A rule over the events of an integration: where `when` is true, the event is dropped or changed. */
export const eventRuleSchema = z.strictObject({
  name: z.string().trim().min(1).max(ruleLimits.nameChars),
  when: expressionSchema,
  then: z.discriminatedUnion('action', [
    z.strictObject({ action: z.literal('drop') }),
    z.strictObject({
      action: z.literal('set'),
      changes: z.array(ruleChangeSchema).min(1).max(ruleLimits.changesPerRule),
    }),
  ]),
});
export type EventRule = z.infer<typeof eventRuleSchema>;

/** In the order in which they are applied. The request log names a rule, so no two have the same name. */
export const eventRulesSchema = z
  .array(eventRuleSchema)
  .max(ruleLimits.rulesPerIntegration)
  .superRefine((rules, context) => {
    const names = new Set<string>();
    for (const [index, { name }] of rules.entries()) {
      if (names.has(name))
        context.addIssue({ code: 'custom', path: [index, 'name'], message: 'Another rule has this name' });
      names.add(name);
    }
  });

/** What expressions know of the request. */
export interface RuleRequest {
  method: string;
  /** Lower-case names. */
  headers: Record<string, string>;
  query: Record<string, string[]>;
  contentType: string;
  /** ISO 8601, UTC. */
  receivedAt: string;
}

/** What the module that evaluates rules is given, as JSON. */
export type RulesTask =
  | { task: 'check'; rules: readonly EventRule[] }
  | { task: 'apply'; rules: readonly EventRule[]; request: RuleRequest; events: readonly EventPayload[] };

/** What is wrong with rules, with the place in the expression in the message. */
export const rulesCheckedSchema = z.object({
  problems: z.array(z.object({ path: z.string().max(128), message: z.string().max(512) })).max(1000),
});

/** What became of each event, in order. Rules are named by their index. */
export const rulesAppliedSchema = z.object({
  events: z.array(
    z.object({
      droppedBy: z.int().min(0).optional(),
      changedBy: z.array(z.int().min(0)).optional(),
      /** New values by field; null takes a value away. */
      set: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
  /** The first errors. The event went on as if the rule had not been there. */
  errors: z.array(z.object({ event: z.int().min(0), rule: z.int().min(0), message: z.string().max(512) })).max(20),
  errorCount: z.int().min(0),
});
export type RulesApplied = z.infer<typeof rulesAppliedSchema>;
