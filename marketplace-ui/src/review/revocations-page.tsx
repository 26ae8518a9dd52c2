import type { z } from 'zod';
import type { revocationListSchema } from '@patchbay/plugin-sdk/contract/rest/registry';
import { useQuery } from '@tanstack/react-query';
import { Ban, CheckCircle2, CircleSlash, Hourglass } from 'lucide-react';
import { Actor } from '../components/actor.tsx';
import { DataTable } from '../components/data-table.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { TextLink } from '../components/link.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Section } from '../components/section.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { Status } from '../components/status.tsx';
import { Time } from '../components/time.tsx';
import { count } from '../consent/words.ts';
import { revocationsQuery } from './review-queries.ts';
import { RevokeForm } from './revoke-form.tsx';
import { useMayReview } from './use-registry-role.ts';
import { WaitingSignOffs } from './waiting-sign-offs.tsx';
import classes from './review.module.css';

type Revocations = z.output<typeof revocationListSchema>;

/** What runs nowhere any more, how far the news has come, and the way to revoke. */
export function RevocationsPage() {
  const query = useQuery(revocationsQuery);
  const mayReview = useMayReview();
  return (
    <>
      <PageHeader
        title="Revocations"
        about="Versions that were stopped wherever they are installed."
        crumbs={[
          <TextLink key="up" to="/review">
            Review
          </TextLink>,
        ]}
      />
      <div className={classes.stack}>
        {mayReview && <WaitingSignOffs />}
        {mayReview && <RevokeForm />}
        {query.isError ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : query.isPending ? (
          <TableSkeleton rows={3} />
        ) : query.data.items.length === 0 ? (
          <EmptyState kind="nothing" title="Nothing is revoked" />
        ) : (
          <Revoked revocations={query.data} />
        )}
      </div>
    </>
  );
}

function Revoked({ revocations: { items, hosts } }: { revocations: Revocations }) {
  const all = hosts.reached >= hosts.known;
  return (
    <Section
      title="Revoked"
      flush
      hint={
        <Status
          word={`${hosts.reached} of ${count(hosts.known, 'host')} ${hosts.known === 1 ? 'has' : 'have'} the newest list`}
          tone={all ? 'good' : 'caution'}
          icon={all ? CheckCircle2 : Hourglass}
        />
      }
    >
      <DataTable
        inset
        label="Revoked versions"
        rows={items}
        rowKey={({ plugin, version }) => `${plugin} ${version}`}
        columns={[
          {
            key: 'version',
            header: 'Version',
            card: 'title',
            cell: ({ plugin, version }) => (
              <span className="mono">
                {plugin} {version}
              </span>
            ),
          },
          {
            key: 'kind',
            header: 'How',
            width: '190px',
            cell: ({ kind }) =>
              kind === 'hard' ? (
                <Status word="Runs nowhere" tone="danger" icon={Ban} />
              ) : (
                <Status word="Disabled" tone="caution" icon={CircleSlash} />
              ),
          },
          { key: 'reason', header: 'Why', cell: ({ reason }) => reason },
          {
            key: 'installs',
            header: 'Installed',
            width: '110px',
            align: 'end',
            card: 'labelled',
            cell: ({ installs }) => <span className="tabular">{installs}</span>,
          },
          { key: 'by', header: 'By', width: '150px', muted: true, cell: ({ by }) => <Actor name={by} /> },
          { key: 'at', header: 'When', width: '110px', muted: true, cell: ({ at }) => <Time at={at} /> },
        ]}
      />
    </Section>
  );
}
