import type { NamespaceRequest } from '@patchbay/plugin-sdk/contract/rest/namespaces';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Facts } from '../components/facts.tsx';
import { TextLink } from '../components/link.tsx';
import { LiveMark } from '../components/live-mark.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Section } from '../components/section.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { Time } from '../components/time.tsx';
import { DecideNamespaceDialog } from './decide-namespace-dialog.tsx';
import { namespaceRequestsQuery } from './namespace-request-queries.ts';
import { useRunsRegistry } from './use-registry-role.ts';
import classes from './review.module.css';

/** Namespaces and keys that only an admin of the registry grants. */
export function NamespaceRequestsPage() {
  const runsRegistry = useRunsRegistry();
  const query = useQuery({ ...namespaceRequestsQuery, enabled: runsRegistry });
  const crumbs = [
    <TextLink key="up" to="/review">
      Review
    </TextLink>,
  ];
  if (!runsRegistry)
    return (
      <>
        <PageHeader title="Namespaces and keys" crumbs={crumbs} />
        <EmptyState kind="no-right" title="Only admins of the registry decide about namespaces">
          Ask one of them for the role.
        </EmptyState>
      </>
    );
  return (
    <>
      <PageHeader
        title="Namespaces and keys"
        about="Names that are reserved or somebody else’s, and new keys for those that were lost."
        crumbs={crumbs}
        actions={<LiveMark updatedAt={query.dataUpdatedAt} />}
      />
      {query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <TableSkeleton rows={3} />
      ) : query.data.items.length === 0 ? (
        <EmptyState kind="nothing" title="Nobody asks for a namespace or a key" />
      ) : (
        <div className={classes.stack}>
          {query.data.items.map((request) => (
            <Request key={request.id} request={request} names={query.data.names} />
          ))}
        </div>
      )}
    </>
  );
}

function Request({ request, names }: { request: NamespaceRequest; names: Readonly<Record<string, string>> }) {
  const [deciding, setDeciding] = useState<'grant' | 'refuse' | null>(null);
  const { namespace, kind, askedBy, askedAt, reason, keyId, owners } = request;
  const nameOf = (who: string) => names[who] ?? who;
  return (
    <Section
      title={kind === 'claim' ? `Claim of ${namespace}` : `Lost key of ${namespace}`}
      hint={
        <>
          {nameOf(askedBy)} <Time at={askedAt} />
        </>
      }
    >
      <p className={classes.plain}>{reason}</p>
      <div className={classes.spaced}>
        <Facts
          entries={[
            ['Owned by', owners.length === 0 ? 'Nobody: the name is reserved' : owners.map(nameOf).join(', ')],
            ['New key', keyId === null ? undefined : <span className="mono">{keyId}</span>],
          ]}
        />
      </div>
      <div className={classes.acts}>
        <Button size="xs" variant="default" onClick={() => setDeciding('refuse')}>
          Refuse
        </Button>
        <Button size="xs" variant="default" onClick={() => setDeciding('grant')}>
          {kind === 'claim' ? `Give ${namespace} to ${nameOf(askedBy)}` : 'Enrol the new key'}
        </Button>
      </div>
      {deciding !== null && (
        <DecideNamespaceDialog
          request={request}
          askedBy={nameOf(askedBy)}
          act={deciding}
          onClose={() => setDeciding(null)}
        />
      )}
    </Section>
  );
}
