import { serviceSchema } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { api } from '../api/client.ts';

const servicesSchema = z.object({ items: z.array(serviceSchema) });

/** The services of the group, to filter by; empty until they are read. */
export function useServiceOptions(): { value: string; label: string }[] {
  const services = useQuery({
    queryKey: ['services', 'options'],
    queryFn: ({ signal }) => api.get('/services', servicesSchema, { query: { limit: 200 }, signal }),
  });
  return (services.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
}
