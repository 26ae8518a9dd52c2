import type { EventRule, RulesApplied, RulesTask } from '@patchbay/plugin-sdk/contract/event-rules';
import type { EventPayload } from '@patchbay/plugin-sdk';
import { detailOf, fieldValue } from './field-value.ts';
import { EventFacts, messageOf, parseExpression, RequestFacts, type Expression } from './language.ts';

type Applied = RulesApplied['events'][number];

const ERRORS_KEPT = 20;
/** What an event without a payload can be given. */
const ALWAYS_THERE = 'dedup_key';

/**
 * Takes each event through the rules in their order. A rule that fails on an event leaves it as it was, and the next
 * ones go on.
 */
export function applyRules({ rules, request, events }: Extract<RulesTask, { task: 'apply' }>): RulesApplied {
  const parsed = new Map<string, Expression>();
  const facts = new RequestFacts(request);
  const errors: RulesApplied['errors'] = [];
  let errorCount = 0;

  /** Parsed when it is first needed: most changes of most rules are not. */
  function evaluate(text: string, event: EventFacts): unknown {
    let expression = parsed.get(text);
    if (expression === undefined) parsed.set(text, (expression = parseExpression(text)));
    return expression({ event, request: facts });
  }

  function applyRule(rule: EventRule, event: EventFacts, hasPayload: boolean): Record<string, unknown> | 'drop' | null {
    let text = rule.when;
    let label = 'when';
    try {
      const met = evaluate(text, event);
      if (typeof met !== 'boolean') throw new Error('A condition is true or false');
      if (!met) return null;
      if (rule.then.action === 'drop') return 'drop';
      const set: Record<string, unknown> = {};
      for (const change of rule.then.changes) {
        if (!hasPayload && change.field !== ALWAYS_THERE) continue;
        label = change.field;
        if ('expression' in change) text = change.expression;
        set[change.field] = fieldValue(change.field, 'value' in change ? change.value : evaluate(text, event));
      }
      return set;
    } catch (error) {
      throw new RuleError(`${label}: ${messageOf(error, text)}`);
    }
  }

  function take(payload: EventPayload, ordinal: number): Applied {
    const event = new EventFacts(payload);
    const applied: Applied = {};
    for (const [index, rule] of rules.entries()) {
      try {
        const set = applyRule(rule, event, payload.payload !== undefined);
        if (set === 'drop') return { droppedBy: index };
        if (set === null || Object.keys(set).length === 0) continue;
        assign(event, set);
        applied.set = { ...applied.set, ...set };
        applied.changedBy = [...(applied.changedBy ?? []), index];
      } catch (error) {
        if (!(error instanceof RuleError)) throw error;
        errorCount += 1;
        if (errors.length < ERRORS_KEPT) errors.push({ event: ordinal, rule: index, message: error.message });
      }
    }
    return applied;
  }

  return { events: events.map(take), errors, errorCount };
}

class RuleError extends Error {}

/** The next rule sees what this one has set. */
function assign(event: EventFacts, set: Record<string, unknown>): void {
  for (const [field, value] of Object.entries(set)) {
    const detail = detailOf(field);
    if (detail === undefined) {
      (event as unknown as Record<string, unknown>)[field] = value ?? '';
      continue;
    }
    event.custom_details = { ...event.custom_details };
    if (value === null) delete event.custom_details[detail];
    else event.custom_details[detail] = value;
  }
}
