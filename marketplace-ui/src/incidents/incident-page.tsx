import { PageHeader } from '../components/page-header.tsx';

export function IncidentPage() {
  return <PageHeader title="Incident" />;
}
