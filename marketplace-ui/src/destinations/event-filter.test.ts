import { changeTypes } from '@patchbay/plugin-sdk/contract/envelopes';
import { severities } from '@patchbay/plugin-sdk/contract/event-payload';
import { expect, test } from 'vitest';
import { filterDraft, filterInWords, filterIssue, filterOf } from './event-filter.ts';

test('"all" is an empty list when stored and every box when edited', () => {
  const draft = filterDraft({ changeTypes: [], severities: [], serviceIds: [], integrationTypes: [] });
  expect(draft.changeTypes).toEqual([...changeTypes]);
  expect(draft.severities).toEqual([...severities]);
  expect(filterOf(draft)).toEqual({ changeTypes: [], severities: [], serviceIds: [], integrationTypes: [] });
});

test('some boxes stay some boxes, in the catalogue’s order', () => {
  const draft = { ...filterDraft(), severities: ['error' as const, 'critical' as const] };
  expect(filterOf(draft).severities).toEqual(['critical', 'error']);
});

test('a filter that lets nothing through is refused, because stored it would mean all', () => {
  expect(filterIssue({ ...filterDraft(), severities: [] })).toMatch(/severity/);
  expect(filterIssue({ ...filterDraft(), changeTypes: [] })).toMatch(/change/);
  expect(filterIssue(filterDraft())).toBeNull();
});

test('a filter reads as a sentence', () => {
  const name = (id: string) => `service ${id}`;
  expect(filterInWords({ changeTypes: [], severities: [], serviceIds: [], integrationTypes: [] }, name)).toBe(
    'Every change, any severity',
  );
  expect(
    filterInWords(
      {
        changeTypes: ['incident.opened', 'incident.resolved'],
        severities: ['critical'],
        serviceIds: ['a'],
        integrationTypes: ['grafana'],
      },
      name,
    ),
  ).toBe('Opened and resolved, critical, of service a, from grafana');
});
