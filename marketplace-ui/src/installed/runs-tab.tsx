import type { Installation } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { DataTable, type Column } from '../components/data-table.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Facts } from '../components/facts.tsx';
import { Section } from '../components/section.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { Nothing, Time } from '../components/time.tsx';
import { usePluginRuns } from './plugin-runs-queries.ts';
import { errorRows, megabytes, milliseconds, type ErrorRow } from './run-words.ts';
import classes from './installed-page.module.css';

const columns: Column<ErrorRow>[] = [
  { key: 'code', header: 'Code', card: 'title', cell: ({ code }) => <code className="mono">{code}</code> },
  { key: 'means', header: 'What it means', muted: true, cell: ({ means }) => means },
  { key: 'count', header: 'Times', align: 'end', width: '90px', card: 'labelled', cell: ({ count }) => count },
];

/** What the installed version did and cost since the host was started. */
export function RunsTab({ installation }: { installation: Installation }) {
  const runs = usePluginRuns(installation.id);
  if (runs.error) return <ErrorState error={runs.error} onRetry={() => void runs.refetch()} />;
  if (runs.data === undefined) return <TableSkeleton rows={3} />;
  if (runs.data === null || runs.data.runs === 0)
    return (
      <EmptyState kind="nothing" title="It has not run since the host was started">
        Send it a test event, and what it costs stands here.
      </EmptyState>
    );
  const { cpuMillis, memoryBytesMax, strikes, lastRunAt } = runs.data;
  const errors = errorRows(runs.data);
  return (
    <div className={classes.stack}>
      <Section title="Runs" hint="Since the host was started; /metrics has the same for Prometheus">
        <Facts
          entries={[
            ['Runs', runs.data.runs.toLocaleString('en')],
            ['Last run', lastRunAt === null ? <Nothing word="none" /> : <Time at={lastRunAt} />],
            [
              'CPU of a run',
              `${milliseconds(cpuMillis.p50)} in the middle, ${milliseconds(cpuMillis.p99)} for one of 100`,
            ],
            ['CPU in all', milliseconds(cpuMillis.total)],
            ['Most memory', megabytes(memoryBytesMax)],
            ['Strikes', `${strikes.cpu} for CPU time, ${strikes.trap} for traps`],
          ]}
        />
      </Section>
      <Section title="Errors" flush={errors.length > 0}>
        {errors.length === 0 ? (
          'None.'
        ) : (
          <DataTable label="Errors by code" columns={columns} rows={errors} rowKey={({ code }) => code} />
        )}
      </Section>
    </div>
  );
}
