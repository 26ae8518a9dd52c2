import type { Integration } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { Button, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { DataTable, type Column } from '../components/data-table.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Section } from '../components/section.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { Duration } from '../components/time.tsx';
import { HistoryChart, hourWords } from './history-chart.tsx';
import { historyWords, type Hour } from './history-words.ts';
import { historyQuery } from './integration-queries.ts';
import classes from './history-chart.module.css';

const spans = [
  { value: '24', label: '24 hours' },
  { value: '168', label: '7 days' },
] as const;

/** What came in, hour by hour, drawn and as a table. */
export function HistorySection({ integration }: { integration: Integration }) {
  const [span, setSpan] = useState<(typeof spans)[number]>(spans[0]);
  const [asTable, setAsTable] = useState(false);
  const tableId = useId();
  const query = useQuery(historyQuery(integration.id, Number(span.value)));
  return (
    <Section
      title="What came in"
      actions={
        <SegmentedControl
          size="xs"
          aria-label="How far back"
          value={span.value}
          data={[...spans]}
          onChange={(next) => setSpan(spans.find(({ value }) => value === next) ?? spans[0])}
        />
      }
    >
      {query.isError ? (
        <ErrorState inset error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <TableSkeleton rows={3} />
      ) : (
        <>
          <p className={classes.words}>{historyWords(query.data.hours, span.label)}</p>
          <HistoryChart
            hours={query.data.hours}
            label={`A bar for each hour. ${historyWords(query.data.hours, span.label)}`}
          />
          <Button
            mt="sm"
            size="compact-sm"
            variant="subtle"
            ml={-8}
            aria-expanded={asTable}
            aria-controls={tableId}
            onClick={() => setAsTable(!asTable)}
          >
            {asTable ? 'Hide the numbers' : 'Show the numbers'}
          </Button>
          <div id={tableId}>{asTable && <Numbers hours={query.data.hours} />}</div>
        </>
      )}
    </Section>
  );
}

/** The hours in which something came, newest first. */
function Numbers({ hours }: { hours: readonly Hour[] }) {
  const rows = hours.filter(({ received, turnedAway }) => received + turnedAway > 0).reverse();
  if (rows.length === 0) return <p>No hour in which anything came.</p>;
  return (
    <div className={classes.table}>
      {/* What scrolls can be reached with the keyboard. */}
      <div className={classes.scroll} tabIndex={0} role="region" aria-label="Numbers by hour">
        <DataTable inset label="Requests by hour" rows={rows} rowKey={({ hour }) => hour} columns={columns} />
      </div>
    </div>
  );
}

const columns: Column<Hour>[] = [
  {
    key: 'hour',
    header: 'Hour from',
    card: 'title',
    cell: ({ hour }) => <time dateTime={hour}>{hourWords(hour)}</time>,
  },
  numbers('success', 'Succeeded'),
  numbers('errors', 'Failed'),
  numbers('invalid', 'Invalid'),
  numbers('refused', 'Over the rate'),
  numbers('pluginErrors', 'Plugin errors'),
  numbers('turnedAway', 'Turned away'),
  {
    key: 'latency',
    header: 'Took',
    align: 'end',
    muted: true,
    card: 'labelled',
    cell: ({ received, averageLatencyMs }) => <Duration ms={received === 0 ? null : averageLatencyMs} />,
  },
];

function numbers(
  key: 'success' | 'errors' | 'invalid' | 'refused' | 'pluginErrors' | 'turnedAway',
  header: string,
): Column<Hour> {
  return {
    key,
    header,
    align: 'end',
    card: 'labelled',
    cell: (hour) => <span className="tabular">{hour[key].toLocaleString('en')}</span>,
  };
}
