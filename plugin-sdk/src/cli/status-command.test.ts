import { describe, expect, it } from 'vitest';
import type { Submission } from '../contract/rest/registry.ts';
import { exitCodeOf, submissionLines } from './status-command.ts';

const check = {
  name: 'fixtures',
  summary: 'The sandbox did not start.',
  findings: [],
  checkedAt: '2026-01-01T00:00:00Z',
};
const submission = (change: Partial<Submission>): Submission => ({
  submissionId: 'sbm_1',
  plugin: 'acme/probe',
  version: '1.0.0',
  sha256: 'a'.repeat(64),
  state: 'published',
  reason: null,
  submittedBy: 'user:ann',
  submittedAt: '2026-01-01T00:00:00Z',
  stateSince: '2026-01-01T00:00:00Z',
  approvals: { given: 1, needed: 1 },
  checks: [],
  release: null,
  ...change,
});
const became = (state: NonNullable<Submission['release']>['state'], reason: string | null) =>
  submission({ release: { state, reason } });

describe('what a submission means for a script, and for a person', () => {
  it.each([
    ['is in the catalogue', became('published', null), 0, 'published'],
    ['was published by a registry that does not say more', submission({}), 0, 'published'],
    ['is held by a later check', became('held', 'secrets: a key'), 3, 'held: it was published, and a later check'],
    ['is yanked', became('yanked', 'It tells twice.'), 1, 'yanked: '],
    ['is revoked', became('revoked', 'It phones home.'), 1, 'revoked: '],
    ['is in review', submission({ state: 'in_review' }), 3, 'held: it waits for a reviewer'],
    ['is being checked', submission({ state: 'checking' }), 3, 'held: its checks are being made'],
    [
      'could not be checked',
      submission({ state: 'checking', checks: [{ ...check, outcome: 'errored' }] }),
      3,
      'held: a check could not be carried out; it is tried again by itself',
    ],
    ['is stopped', submission({ state: 'quarantined', reason: 'Odd.' }), 3, 'held: a person has to look at it'],
    ['is rejected', submission({ state: 'rejected', reason: 'Odd.' }), 1, 'rejected: '],
    ['is sent back', submission({ state: 'changes_requested', reason: 'Odd.' }), 1, 'sent back: '],
  ] as const)('of a version that %s', (_what, one, code, words) => {
    expect(exitCodeOf(one)).toBe(code);
    const [first, second] = submissionLines(one);
    expect(first).toContain(`acme/probe 1.0.0: ${words}`);
    const reason = one.reason ?? one.release?.reason;
    if (reason) expect(second).toBe(`  ${reason}`);
  });
});
