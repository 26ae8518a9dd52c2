import type { NamespaceRequest } from '@patchbay/plugin-sdk/contract/rest/namespaces';
import { CircleCheck, CircleX, Clock } from 'lucide-react';
import { DataTable, type Column } from '../components/data-table.tsx';
import { Section } from '../components/section.tsx';
import { Status } from '../components/status.tsx';
import { Time } from '../components/time.tsx';
import classes from './publishing.module.css';

const looks = {
  open: { word: 'Waits for an admin', tone: 'caution', icon: Clock },
  granted: { word: 'Granted', tone: 'good', icon: CircleCheck },
  refused: { word: 'Refused', tone: 'danger', icon: CircleX },
} as const;

const columns: Column<NamespaceRequest>[] = [
  {
    key: 'what',
    header: 'Asked for',
    card: 'title',
    cell: ({ kind, namespace }) => (kind === 'claim' ? `The namespace ${namespace}` : `A new key for ${namespace}`),
  },
  { key: 'state', header: 'State', width: '190px', cell: ({ state }) => <Status {...looks[state]} /> },
  {
    key: 'why',
    header: 'Why',
    cell: ({ decision }) => <span className={classes.wrapped}>{decision ?? 'Not decided yet'}</span>,
  },
  {
    key: 'at',
    header: 'Asked',
    width: '130px',
    muted: true,
    card: 'labelled',
    cell: ({ askedAt }) => <Time at={askedAt} />,
  },
];

/** What one asked the registry's admins for, and what they decided. Nothing while one asked for nothing. */
export function OwnRequests({ requests }: { requests: NamespaceRequest[] }) {
  if (requests.length === 0) return null;
  return (
    <Section title="What you asked for" hint="Admins of the registry decide" flush>
      <DataTable inset label="What you asked for" rows={requests} rowKey={({ id }) => id} columns={columns} />
    </Section>
  );
}
