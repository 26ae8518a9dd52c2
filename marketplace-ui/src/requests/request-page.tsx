import { PageHeader } from '../components/page-header.tsx';

export function RequestPage() {
  return <PageHeader title="Request" />;
}
