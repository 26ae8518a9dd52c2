import { PageHeader } from '../components/page-header.tsx';

export function IncidentsPage() {
  return <PageHeader title="Incidents" />;
}
