import { auditEntrySchema, type AuditEntry } from '@patchbay/plugin-sdk/contract/rest/identity';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useLiveList } from '../api/live-list.ts';
import { Actor } from '../components/actor.tsx';
import { CopyText } from '../components/copy-button.tsx';
import { CursorPager } from '../components/cursor-pager.tsx';
import { DataTable, type Column } from '../components/data-table.tsx';
import { DetailDrawer } from '../components/detail-drawer.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Facts } from '../components/facts.tsx';
import { JsonView } from '../components/json-view.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { Time } from '../components/time.tsx';

export function AuditPage() {
  const [chosen, setChosen] = useState<AuditEntry | null>(null);
  const list = useLiveList('audit', '/audit', auditEntrySchema);

  const columns: Column<AuditEntry>[] = [
    {
      key: 'action',
      header: 'What',
      card: 'title',
      cell: (row) => (
        <Button
          variant="transparent"
          size="compact-sm"
          px={0}
          color="brand"
          onClick={() => setChosen(row)}
          className="mono"
        >
          {row.action}
        </Button>
      ),
    },
    {
      key: 'target',
      header: 'On',
      cell: (row) => (
        <span className="mono" title={row.target}>
          {row.target}
        </span>
      ),
    },
    { key: 'actor', header: 'Who', muted: true, cell: (row) => <Actor name={row.actor} /> },
    { key: 'at', header: 'When', width: '120px', align: 'end', muted: true, cell: (row) => <Time at={row.at} /> },
  ];

  return (
    <>
      <PageHeader title="Audit log" about="Who changed what. Nobody can edit or remove an entry." />
      {list.isPending ? (
        <TableSkeleton />
      ) : list.error ? (
        <ErrorState error={list.error} onRetry={list.retry} />
      ) : list.rows.length === 0 ? (
        <EmptyState kind="nothing" title="Nothing was changed yet">
          Installing a plugin, rotating a key or adding a member leaves an entry here.
        </EmptyState>
      ) : (
        <>
          <DataTable label="Audit log" columns={columns} rows={list.rows} rowKey={(row) => row.id} />
          <CursorPager
            shown={list.rows.length}
            noun={list.rows.length === 1 ? 'entry' : 'entries'}
            hasMore={list.hasMore}
            loading={list.loadingMore}
            onMore={list.loadMore}
          />
        </>
      )}
      <DetailDrawer title={chosen?.action ?? null} onClose={() => setChosen(null)}>
        {chosen && (
          <>
            <Facts
              entries={[
                ['Who', <Actor name={chosen.actor} />],
                ['On', <CopyText text={chosen.target} label="Copy target" />],
                ['When', <Time at={chosen.at} exact />],
                ['Id', <CopyText text={chosen.id} label="Copy entry id" />],
              ]}
            />
            <div style={{ marginTop: 16 }}>
              <JsonView value={chosen.details} label="Details" />
            </div>
          </>
        )}
      </DetailDrawer>
    </>
  );
}
