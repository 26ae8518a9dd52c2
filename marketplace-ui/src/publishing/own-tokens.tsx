import { useQuery } from '@tanstack/react-query';
import { useSession } from '../api/session.ts';
import { DataTable } from '../components/data-table.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { ButtonLink } from '../components/link.tsx';
import { Section } from '../components/section.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { Nothing, Time } from '../components/time.tsx';
import { tokensQuery } from '../settings/token-queries.ts';
import classes from './publishing.module.css';

/** The tokens with which one can publish from the command line. */
export function OwnTokens() {
  const { group } = useSession();
  const query = useQuery(tokensQuery);
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <TableSkeleton rows={2} />;
  const tokens = query.data.items.filter(({ scopes }) => scopes.includes('write') || scopes.includes('admin'));
  return (
    <Section
      title="Your API tokens that may write"
      hint={`In ${group.name}`}
      flush={tokens.length > 0}
      actions={
        <ButtonLink variant="default" size="xs" to="/settings/tokens">
          Make or revoke tokens
        </ButtonLink>
      }
    >
      {tokens.length === 0 ? (
        <p className={classes.plain}>You have none; the command line needs one to publish.</p>
      ) : (
        <DataTable
          inset
          label="Your API tokens that may write"
          rows={tokens}
          rowKey={({ id }) => id}
          columns={[
            { key: 'name', header: 'Name', card: 'title', cell: ({ name }) => name },
            {
              key: 'prefix',
              header: 'Begins with',
              width: '140px',
              cell: ({ prefix }) => <span className="mono">{prefix}…</span>,
            },
            {
              key: 'used',
              header: 'Last used',
              width: '130px',
              muted: true,
              card: 'labelled',
              cell: ({ lastUsedAt }) => (lastUsedAt === null ? <Nothing /> : <Time at={lastUsedAt} />),
            },
          ]}
        />
      )}
    </Section>
  );
}
