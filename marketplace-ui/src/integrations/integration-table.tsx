import type { Health, Integration } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { DataTable, RowLink, type Column } from '../components/data-table.tsx';
import { HealthStatus, SwitchState } from '../components/status.tsx';
import { Nothing, Time } from '../components/time.tsx';

interface IntegrationTableProps {
  integrations: readonly Integration[];
  /** Shows how each is, in the place of whether it is enabled. */
  health?: Health | undefined;
  /** Leaves the service out, where the page is about one. */
  ofOneService?: boolean;
  inset?: boolean;
  keyboard?: boolean;
}

/** Integrations with their health: what came in, what was refused, when the last request came. */
export function IntegrationTable({
  integrations,
  health,
  ofOneService = false,
  inset = false,
  keyboard = false,
}: IntegrationTableProps) {
  const statuses = new Map(health?.integrations.map(({ id, status }) => [id, status]));
  const columns: Column<Integration>[] = [
    {
      key: 'name',
      header: 'Integration',
      card: 'title',
      cell: ({ id, name }) => (
        <RowLink to="/integrations/$id" params={{ id }}>
          {name}
        </RowLink>
      ),
    },
    {
      key: 'state',
      header: health === undefined ? 'State' : 'Last day',
      width: '132px',
      cell: ({ id, state }) => {
        const status = state === 'disabled' ? undefined : statuses.get(id);
        return status === undefined ? <SwitchState value={state} /> : <HealthStatus value={status} />;
      },
    },
    { key: 'type', header: 'Type', width: '140px', cell: ({ type }) => <span className="mono">{type}</span> },
    ...(ofOneService
      ? []
      : [{ key: 'service', header: 'Service', width: '150px', cell: ({ serviceName }: Integration) => serviceName }]),
    {
      key: 'environment',
      header: 'Environment',
      width: '120px',
      muted: true,
      wide: true,
      cell: ({ environment }) => environment,
    },
    numbers('received', 'Received'),
    numbers('refused', 'Refused'),
    numbers('pending', 'Pending'),
    {
      key: 'last',
      header: 'Last request',
      width: '120px',
      muted: true,
      card: 'labelled',
      cell: ({ lastRequestAt }) => (lastRequestAt === null ? <Nothing word="never" /> : <Time at={lastRequestAt} />),
    },
  ];
  return (
    <DataTable
      label="Integrations"
      rows={integrations}
      rowKey={({ id }) => id}
      columns={columns}
      inset={inset}
      keyboard={keyboard}
    />
  );
}

function numbers(key: keyof Integration['counts'], header: string): Column<Integration> {
  return {
    key,
    header,
    width: '96px',
    align: 'end',
    card: 'labelled',
    cell: ({ counts }) => <span className="tabular">{counts[key].toLocaleString('en')}</span>,
  };
}
