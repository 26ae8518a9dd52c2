import { destinationSchema } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { useQueries } from '@tanstack/react-query';
import { z } from 'zod';
import { api } from '../api/client.ts';

const destinationsSchema = z.object({ items: z.array(destinationSchema) });

/** Connectors and webhooks, to filter by; empty until they are read. */
export function useDestinationOptions(): { value: string; label: string }[] {
  return useQueries({
    queries: ['/subscriptions', '/webhooks'].map((path) => ({
      queryKey: ['destinations', 'options', path],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        api.get(path, destinationsSchema, { query: { limit: 200 }, signal }),
    })),
    combine: (results) =>
      results.flatMap((result) => (result.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))),
  });
}
