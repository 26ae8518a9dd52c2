import type { SubmissionDetail } from '@patchbay/plugin-sdk/contract/rest/registry';
import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Actor } from '../components/actor.tsx';
import { ButtonLink, TextLink } from '../components/link.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { PageSkeleton } from '../components/skeletons.tsx';
import { Time } from '../components/time.tsx';
import { FailedPage } from '../destinations/failed-page.tsx';
import { BehaviourSection } from './behaviour-section.tsx';
import { ChecksSection } from './checks-section.tsx';
import { ChecksWord } from './checks-word.tsx';
import { HeldForm } from './held-form.tsx';
import { DecisionForm } from './decision-form.tsx';
import { DifferenceSection } from './difference-section.tsx';
import { HistorySection } from './history-section.tsx';
import { submissionQuery } from './review-queries.ts';
import { submissionTabs } from './routes.tsx';
import { SourceSection } from './source-section.tsx';
import { SubmissionStatus } from './submission-state.tsx';
import { useMayReview } from './use-registry-role.ts';
import classes from './review.module.css';

const route = getRouteApi('/app/review/submissions/$id');

const words: Record<(typeof submissionTabs)[number], string> = {
  changes: 'What changed',
  source: 'Source',
  behaviour: 'Behaviour',
  checks: 'Checks',
  history: 'History',
};

/** The workspace of a reviewer: what changed, the source, what it does, what the checks found, and the decision. */
export function SubmissionPage() {
  const { id } = route.useParams();
  const query = useQuery(submissionQuery(id));
  const crumbs = [
    <TextLink key="up" to="/review">
      Review
    </TextLink>,
  ];
  if (query.isError)
    return <FailedPage title="Submission" error={query.error} onRetry={() => void query.refetch()} crumbs={crumbs} />;
  if (query.isPending) return <PageSkeleton />;
  return <Workspace submission={query.data} crumbs={crumbs} />;
}

function Workspace({ submission, crumbs }: { submission: SubmissionDetail; crumbs: ReactNode[] }) {
  const { tab = 'changes' } = route.useSearch();
  const navigate = route.useNavigate();
  const mayReview = useMayReview();
  const { submissionId, plugin, version, state, checks, difference } = submission;
  const tabs = submissionTabs.filter((one) => one !== 'behaviour' || mayReview);
  const [namespace = '', name = ''] = plugin.split('/');
  return (
    <>
      <PageHeader
        title={`${submission.name} ${version}`}
        badges={<SubmissionStatus of={submission} pill />}
        crumbs={crumbs}
        about={
          <>
            <span className="mono">{plugin}</span>, submitted by <Actor name={submission.submittedBy} />{' '}
            <Time at={submission.submittedAt} />. <ChecksWord checks={checks} />
          </>
        }
        actions={
          state === 'published' && (
            <ButtonLink
              variant="default"
              to="/marketplace/$namespace/$name"
              params={{ namespace, name }}
              search={{ version }}
            >
              Open in the marketplace
            </ButtonLink>
          )
        }
      />
      <div className={classes.stack}>
        <p className={classes.plain}>{submission.summary}</p>
        <Tabs
          keepMounted={false}
          value={tab}
          onChange={(next) =>
            void navigate({
              search: (before) => ({ ...before, tab: submissionTabs.find((one) => one === next) }),
              replace: true,
            })
          }
        >
          <Tabs.List mb="md">
            {tabs.map((one) => (
              <Tabs.Tab key={one} value={one}>
                {words[one]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="changes" className={classes.stack ?? ''}>
            <DifferenceSection submission={submission} linkFiles />
          </Tabs.Panel>
          <Tabs.Panel value="source">
            <SourceSection submission={submission} />
          </Tabs.Panel>
          <Tabs.Panel value="behaviour">
            <BehaviourSection id={submissionId} before={difference.before} />
          </Tabs.Panel>
          <Tabs.Panel value="checks">
            <ChecksSection checks={checks} {...(mayReview && { waivable: submission.submissionId })} />
          </Tabs.Panel>
          <Tabs.Panel value="history" className={classes.stack ?? ''}>
            <HistorySection submission={submission} />
          </Tabs.Panel>
        </Tabs>
        {state === 'in_review' && mayReview && <DecisionForm submission={submission} />}
        {state === 'quarantined' && mayReview && <HeldForm submission={submission} />}
      </div>
    </>
  );
}
