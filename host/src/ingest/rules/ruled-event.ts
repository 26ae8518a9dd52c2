import { eventPayloadSchema, type EventPayload } from '@patchbay/plugin-sdk/contract/event-payload';
import type { EventRule, RulesApplied } from '@patchbay/plugin-sdk/contract/event-rules';

/** An event and what its integration's rules made of it. */
export interface RuledEvent {
  readonly before: EventPayload;
  /** Null when a rule dropped it. */
  readonly after: EventPayload | null;
  /** Name of the rule. */
  readonly droppedBy: string | null;
  /** Names of the rules that set something, in order. */
  readonly changes: readonly string[];
}

const DETAILS = 'custom_details.';

/**
 * The event with what the rules set. What comes from the sandbox is checked like anything from outside.
 *
 * @returns the rule that is to blame when the result is no event
 */
export function applyChanges(
  before: EventPayload,
  rules: readonly EventRule[],
  { droppedBy, changedBy = [], set = {} }: RulesApplied['events'][number],
): RuledEvent | { rule: number; problem: string } {
  const nameOf = (index: number): string => rules[index]?.name ?? '';
  if (droppedBy !== undefined) return { before, after: null, droppedBy: nameOf(droppedBy), changes: [] };
  if (changedBy.length === 0) return { before, after: before, droppedBy: null, changes: [] };
  const parsed = eventPayloadSchema.safeParse(withValues(before, set));
  if (parsed.success) return { before, after: parsed.data, droppedBy: null, changes: changedBy.map(nameOf) };
  const [issue] = parsed.error.issues;
  const problem = `The result is no event: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.slice(0, 400);
  return { rule: changedBy.at(-1) ?? 0, problem };
}

function withValues(event: EventPayload, set: Readonly<Record<string, unknown>>): unknown {
  const { dedup_key: key = event.dedup_key, ...values } = set;
  if (event.payload === undefined) return { ...event, dedup_key: key };
  const payload: Record<string, unknown> = { ...event.payload };
  const details: Record<string, unknown> = { ...event.payload.custom_details };
  for (const [field, value] of Object.entries(values)) {
    const inDetails = field.startsWith(DETAILS);
    const target = inDetails ? details : payload;
    const name = inDetails ? field.slice(DETAILS.length) : field;
    if (value === null) delete target[name];
    else target[name] = value;
  }
  if (event.payload.custom_details !== undefined || Object.keys(details).length > 0)
    payload['custom_details'] = details;
  return { ...event, dedup_key: key, payload };
}
