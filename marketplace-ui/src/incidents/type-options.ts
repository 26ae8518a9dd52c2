import { installationSchema } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { api } from '../api/client.ts';

const installationsSchema = z.object({ items: z.array(installationSchema) });

/** The integration types that installed plugins provide, to filter by. */
export function useTypeOptions(): { value: string; label: string }[] {
  const installations = useQuery({
    queryKey: ['installations', 'types'],
    queryFn: ({ signal }) => api.get('/installations', installationsSchema, { query: { limit: 200 }, signal }),
  });
  const types = new Map<string, string>();
  for (const { integrationType, name } of installations.data?.items ?? []) {
    if (integrationType !== null && !types.has(integrationType)) types.set(integrationType, name);
  }
  return [...types].map(([value, label]) => ({ value, label }));
}
