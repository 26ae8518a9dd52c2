import { isErrorCode, errorCatalogue } from '@patchbay/plugin-sdk/contract/error-codes';
import { useQuery } from '@tanstack/react-query';
import { DataTable } from '../components/data-table.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Section } from '../components/section.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { ownErrorsQuery } from './publishing-queries.ts';
import classes from './publishing.module.css';

/** How often one's plugins failed, over everybody who has them, and nobody's data. */
export function OwnErrors() {
  const query = useQuery(ownErrorsQuery);
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <TableSkeleton rows={3} />;
  const { items, leftOut, fewestGroups } = query.data;
  return (
    <Section title="Errors" hint="On this host, since it was started" flush={items.length > 0}>
      {items.length === 0 ? (
        <p className={classes.plain}>No error of your plugins was seen by {fewestGroups} groups or more.</p>
      ) : (
        <DataTable
          inset
          label="Errors of your plugins"
          rows={items}
          rowKey={({ plugin, version, code }) => `${plugin} ${version} ${code}`}
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
            { key: 'code', header: 'Code', width: '220px', cell: ({ code }) => <span className="mono">{code}</span> },
            { key: 'means', header: 'What to do', cell: ({ code }) => remedyOf(code) },
            {
              key: 'count',
              header: 'Times',
              width: '90px',
              align: 'end',
              card: 'labelled',
              cell: ({ count }) => <span className="tabular">{count.toLocaleString('en')}</span>,
            },
          ]}
        />
      )}
      <p className={items.length > 0 ? classes.below : classes.quiet}>
        Counts only: no messages, settings or names of those who run your plugins. {leftOutWords(leftOut, fewestGroups)}
      </p>
    </Section>
  );
}

function leftOutWords(leftOut: number, fewest: number): string {
  if (leftOut === 0) return 'Nothing is left out.';
  return `${leftOut === 1 ? 'One more error is' : `${leftOut} more errors are`} left out: fewer than ${fewest} groups had ${leftOut === 1 ? 'it' : 'each'}.`;
}

function remedyOf(code: string): string {
  if (!isErrorCode(code)) return '';
  return errorCatalogue[code].remedy;
}
