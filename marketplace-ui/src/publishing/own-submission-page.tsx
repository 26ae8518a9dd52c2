import type { SubmissionDetail, SubmissionState } from '@patchbay/plugin-sdk/contract/rest/registry';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { CodeBlock } from '../components/code-block.tsx';
import { TextLink } from '../components/link.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { PageSkeleton } from '../components/skeletons.tsx';
import { Time } from '../components/time.tsx';
import { FailedPage } from '../destinations/failed-page.tsx';
import { Notice } from '../destinations/notice.tsx';
import { ChecksSection } from '../review/checks-section.tsx';
import { DifferenceSection } from '../review/difference-section.tsx';
import { HistorySection } from '../review/history-section.tsx';
import { submissionQuery } from '../review/review-queries.ts';
import { lookOf, SubmissionStatus } from '../review/submission-state.tsx';
import classes from './publishing.module.css';

const route = getRouteApi('/app/publishing/submissions/$id');

/** What became of a submission, and what its author can do now. */
export function OwnSubmissionPage() {
  const { id } = route.useParams();
  const query = useQuery(submissionQuery(id));
  const crumbs = [
    <TextLink key="up" to="/publishing" search={{ tab: 'submissions' as const }}>
      Publish
    </TextLink>,
  ];
  if (query.isError)
    return <FailedPage title="Submission" error={query.error} onRetry={() => void query.refetch()} crumbs={crumbs} />;
  if (query.isPending) return <PageSkeleton />;
  const submission = query.data;
  return (
    <>
      <PageHeader
        title={`${submission.name} ${submission.version}`}
        badges={<SubmissionStatus of={submission} pill />}
        crumbs={crumbs}
        about={
          <>
            <span className="mono">{submission.plugin}</span>, submitted <Time at={submission.submittedAt} />
          </>
        }
      />
      <div className={classes.stack}>
        <WhatNow submission={submission} />
        <ChecksSection checks={submission.checks} toCome={submission.checksToCome} />
        <DifferenceSection submission={submission} linkFiles={false} />
        <HistorySection submission={submission} />
      </div>
    </>
  );
}

const advice: Record<SubmissionState, string> = {
  uploaded: 'Its checks begin in a moment.',
  checking: 'Its checks are being made.',
  in_review: 'It is held until a reviewer has approved it. You need do nothing; nobody can install it yet.',
  changes_requested: 'A reviewer asks for changes. Make them and publish the same version again.',
  approved: 'It is being published.',
  published: 'It is in the catalogue.',
  rejected: 'Correct what is listed below, and publish the version again.',
  quarantined: 'A person has to look at it; ask a reviewer why.',
};

const releaseAdvice: Record<NonNullable<SubmissionDetail['release']>['state'], string> = {
  published: advice.published,
  yanked: 'It is offered to nobody now; who has it keeps it.',
  held: 'A later check found something: it is offered to nobody until a reviewer has looked at it.',
  revoked: 'It runs nowhere any more. Publish another version.',
};

function adviceOf({ state, checks, release }: SubmissionDetail): string {
  if (release !== null) return releaseAdvice[release.state];
  return state === 'checking' && checks.some(({ outcome }) => outcome === 'errored')
    ? 'A check could not be carried out, which is never a pass. It is tried again by itself.'
    : advice[state];
}

function WhatNow({ submission }: { submission: SubmissionDetail }) {
  const { state, plugin, approvals, release } = submission;
  const reason = submission.reason ?? release?.reason ?? null;
  const { tone, icon, word } = lookOf(submission);
  const again = state === 'rejected' || state === 'changes_requested';
  const waits = state === 'in_review' && approvals.needed > 1;
  return (
    <Notice tone={tone} icon={icon} title={word}>
      {reason !== null && <p>{reason}</p>}
      <p>{adviceOf(submission)}</p>
      {waits && (
        <p>
          It asks for something new of high risk, so {approvals.needed} reviewers have to approve it; {approvals.given}{' '}
          {approvals.given === 1 ? 'has' : 'have'}.
        </p>
      )}
      {again && <CodeBlock bare text={`patchbay publish ${plugin.split('/')[1] ?? plugin}`} label="Command" />}
    </Notice>
  );
}
