import { PageHeader } from '../components/page-header.tsx';

export function DeliveryPage() {
  return <PageHeader title="Delivery" />;
}
