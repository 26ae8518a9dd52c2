import type { Installation } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { useQuery } from '@tanstack/react-query';
import { ArrowUpCircle, TriangleAlert } from 'lucide-react';
import { useNow } from '../components/clock.ts';
import { DataTable, RowLink } from '../components/data-table.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { ButtonLink } from '../components/link.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { Status, SwitchState } from '../components/status.tsx';
import { Nothing, Time } from '../components/time.tsx';
import { count } from '../consent/words.ts';
import { Replacement } from '../marketplace/deprecated-notice.tsx';
import { PluginIcon } from '../marketplace/plugin-icon.tsx';
import { providesWord } from '../marketplace/plugin-words.ts';
import { installationsQuery } from './installation-queries.ts';
import classes from './installed-page.module.css';
import { offeredUpdate } from './offered-update.ts';

/** Every plugin of this group, with its state. */
export function InstalledPage() {
  const query = useQuery(installationsQuery);
  return (
    <>
      <PageHeader
        title="Installed"
        about="The plugins of this group: what runs here, and what it was allowed."
        actions={
          <ButtonLink variant="default" to="/marketplace">
            Find a plugin
          </ButtonLink>
        }
      />
      {query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <TableSkeleton />
      ) : query.data.length === 0 ? (
        <EmptyState
          kind="first-run"
          title="No plugin is installed"
          action={<ButtonLink to="/marketplace">Open the marketplace</ButtonLink>}
        >
          A plugin receives alerts of one service, or does something about incidents. Install one to begin.
        </EmptyState>
      ) : (
        <>
          <UpdatesNote installations={query.data} />
          <InstallationTable installations={query.data} />
        </>
      )}
    </>
  );
}

function UpdatesNote({ installations }: { installations: readonly Installation[] }) {
  const now = useNow(15_000);
  const outdated = installations.filter((one) => offeredUpdate(one, now).available !== null).length;
  if (outdated === 0) return null;
  return (
    <p className={classes.updates}>
      <Status word={`${count(outdated, 'plugin')} can be updated`} tone="info" icon={ArrowUpCircle} />
    </p>
  );
}

function InstallationTable({ installations }: { installations: readonly Installation[] }) {
  const now = useNow(15_000);
  return (
    <DataTable
      label="Installed plugins"
      keyboard
      rows={installations}
      rowKey={({ id }) => id}
      columns={[
        {
          key: 'name',
          header: 'Plugin',
          card: 'title',
          cell: ({ id, name, icon }) => (
            <span className={classes.name}>
              <PluginIcon src={icon} />
              <RowLink to="/installed/$id" params={{ id }}>
                {name}
              </RowLink>
            </span>
          ),
        },
        { key: 'does', header: 'Does', width: '160px', cell: ({ provides }) => provides.map(providesWord).join(', ') },
        {
          key: 'state',
          header: 'State',
          width: '210px',
          cell: ({ state, deprecated }) => (
            <>
              <SwitchState value={state} />
              {deprecated !== null && (
                <div className={classes.deprecated}>
                  <Status word="Deprecated" tone="caution" icon={TriangleAlert} title={deprecated.message} />
                  <span>
                    <Replacement deprecated={deprecated} />
                  </span>
                </div>
              )}
            </>
          ),
        },
        {
          key: 'version',
          header: 'Version',
          width: '200px',
          cell: (installation) => {
            const { available } = offeredUpdate(installation, now);
            return (
              <span className={classes.version}>
                <span className="mono">{installation.version}</span>
                {available !== null && <Status word={`${available} is out`} tone="info" icon={ArrowUpCircle} />}
              </span>
            );
          },
        },
        {
          key: 'environment',
          header: 'Environment',
          width: '120px',
          muted: true,
          cell: ({ environment }) => environment,
        },
        {
          key: 'installed',
          header: 'Installed',
          width: '130px',
          muted: true,
          card: 'labelled',
          cell: ({ installedAt }) => (installedAt === '' ? <Nothing /> : <Time at={installedAt} />),
        },
      ]}
    />
  );
}
