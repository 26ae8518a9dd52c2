import type { EventRule, RuleChange } from '@patchbay/plugin-sdk/contract/event-rules';
import { detailOf, fieldValue } from './field-value.ts';
import { typeOf } from './language.ts';

interface Problem {
  path: string;
  message: string;
}

const TEXT_TYPES = ['string', 'int', 'uint', 'double', 'bool', 'dyn'];
const NO_DETAIL = ['bytes', 'type', 'google.protobuf.Duration'];
const OPTIONAL = ['component', 'group', 'class'];

/** What is wrong with rules before any event is there: syntax, names, types. */
export function checkRules(rules: readonly EventRule[]): Problem[] {
  return rules.flatMap(({ when, then }, index) => {
    const path = `rules[${index}]`;
    const condition = typeOf(when);
    const problems: Problem[] = [];
    if ('problem' in condition) problems.push({ path: `${path}.when`, message: condition.problem });
    else if (condition.type !== 'bool' && condition.type !== 'dyn')
      problems.push({ path: `${path}.when`, message: `A condition is true or false; this gives ${condition.type}` });
    if (then.action === 'set')
      for (const [at, change] of then.changes.entries()) {
        const message = problemOf(change);
        const part = 'value' in change ? 'value' : 'expression';
        if (message !== null) problems.push({ path: `${path}.then.changes[${at}].${part}`, message });
      }
    return problems;
  });
}

function problemOf(change: RuleChange): string | null {
  if ('value' in change) {
    try {
      fieldValue(change.field, change.value);
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  }
  const given = typeOf(change.expression);
  if ('problem' in given) return given.problem;
  const { type } = given;
  if (type.startsWith('optional')) return 'This gives an optional value: end it with .orValue(…)';
  const fits =
    detailOf(change.field) === undefined
      ? TEXT_TYPES.includes(type) || (type === 'null' && OPTIONAL.includes(change.field))
      : !NO_DETAIL.includes(type);
  return fits ? null : `${change.field} cannot hold ${type}`;
}
