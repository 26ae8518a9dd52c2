import type { EventRule } from '@patchbay/plugin-sdk/contract/event-rules';
import { eventRulesSchema } from '@patchbay/plugin-sdk/contract/event-rules';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../api/api-error.ts';
import { eventDifference } from './event-difference.ts';
import { draftIssues, emptyChange, hostIssues, moved, ruleDraft, ruleOf } from './rule-draft.ts';
import { ruleExamples } from './rule-examples.ts';

const rule: EventRule = {
  name: 'Team',
  when: 'true',
  then: {
    action: 'set',
    changes: [
      { field: 'custom_details.level', value: 3 },
      { field: 'summary', expression: 'event.source' },
    ],
  },
};

describe('the draft of a rule', () => {
  it('gives the rule back as it was, numbers as numbers until they are changed', () => {
    expect(ruleOf(ruleDraft(rule))).toEqual(rule);
    const draft = ruleDraft(rule);
    const changes = draft.changes.map((change, at) => (at === 0 ? { ...change, text: '4' } : change));
    expect(ruleOf({ ...draft, changes }).then).toMatchObject({ changes: [{ value: '4' }, {}] });
  });

  it('says what is missing before the host is asked', () => {
    const changes = [
      { ...emptyChange, field: 'custom_details' },
      { ...emptyChange, kind: 'expression' as const },
    ];
    const issues = draftIssues({ name: 'Taken', when: ' ', action: 'set', changes }, ['Taken']);
    expect(Object.keys(issues).sort()).toEqual(['changes.0', 'changes.1', 'name', 'when']);
    expect(draftIssues(ruleDraft(rule), [])).toEqual({});
  });

  it('finds the fields that the host refused, however it writes their paths', () => {
    const details = [
      { path: 'rules[0].when', message: 'line 1' },
      { path: 'rules[0].then.changes[1].expression', message: 'line 2' },
      { path: 'rules.0.name', message: 'taken' },
      { path: 'rules[1].when', message: 'another' },
    ];
    const error = new ApiError({ status: 400, code: 'BODY_INVALID', message: '', remedy: '', details });
    expect(hostIssues(error, 0)).toEqual({ when: 'line 1', 'changes.1': 'line 2', name: 'taken' });
  });

  it('moves a rule', () => {
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
  });

  it('has examples that the contract takes', () => {
    expect(eventRulesSchema.parse(ruleExamples)).toEqual(ruleExamples);
  });
});

it('names the fields in which two events differ, as rules do', () => {
  const payload = { summary: 's', source: 'a', severity: 'error' as const, custom_details: { n: 1, gone: true } };
  const before = { event_action: 'trigger' as const, dedup_key: 'k', payload };
  const after = { ...before, payload: { ...payload, severity: 'info' as const, custom_details: { n: { a: 1 } } } };
  expect(eventDifference(before, after)).toEqual([
    { field: 'severity', before: 'error', after: 'info' },
    { field: 'custom_details.n', before: '1', after: '{"a":1}' },
    { field: 'custom_details.gone', before: 'true', after: undefined },
  ]);
});
