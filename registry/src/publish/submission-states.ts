import type { SubmissionState } from '@patchbay/plugin-sdk/contract/rest/registry';

/**
 * The life of a submission.
 *
 *   uploaded    -> checking     its checks begin
 *   checking    -> in_review    every required check has a stored pass
 *   checking    -> rejected     at least one check failed
 *   checking    -> checking     a check could not be carried out: it stays, and is checked again by itself or on the next
 *                               upload
 *   in_review   -> approved     as many reviewers as it needs, none of them its author, or a recorded policy; the
 *                               passes are counted again
 *   in_review   -> rejected     a reviewer, with a reason
 *   in_review   -> changes_requested   a reviewer, who says what; the author uploads the version again
 *   approved    -> published    the registry has signed it and it is in the catalogue
 *   checking, in_review, approved -> quarantined   held by a person, or its checks fail to be carried out
 *   quarantined -> checking | rejected              a person has looked
 *
 * A version is taken by any submission that is neither rejected nor sent back, for ever once it is published. What is
 * published may be yanked (resolvers skip it), held (a later check found something) or revoked (it runs nowhere); these
 * are marks on the version, not states.
 */
const transitions: Record<SubmissionState, readonly SubmissionState[]> = {
  uploaded: ['checking'],
  checking: ['in_review', 'rejected', 'quarantined'],
  in_review: ['approved', 'rejected', 'changes_requested', 'quarantined'],
  changes_requested: [],
  approved: ['published', 'quarantined'],
  published: [],
  rejected: [],
  quarantined: ['checking', 'rejected'],
};

export function mayBecome(from: SubmissionState, to: SubmissionState): boolean {
  return transitions[from].includes(to);
}

/** States for which a submission has to have all required passes when it enters them. */
export const needsPasses: ReadonlySet<SubmissionState> = new Set(['in_review', 'approved', 'published']);
