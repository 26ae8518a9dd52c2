import { useQuery } from '@tanstack/react-query';
import { servicesQuery } from './service-queries.ts';

/** Names of services by id; an id that is not there any more is shown as it is. */
export function useServiceName(): (id: string) => string {
  const { data } = useQuery(servicesQuery);
  return (id) => data?.find((service) => service.id === id)?.name ?? id;
}
