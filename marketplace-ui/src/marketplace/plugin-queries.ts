import { pageSchema } from '@patchbay/plugin-sdk/contract/rest/page';
import { pluginCardSchema, pluginDetailSchema } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from '../api/client.ts';

/** The catalogue's facets and orders, as they stand in the address. */
export const categories = ['monitoring', 'ci', 'ticketing', 'chat', 'status-page', 'commerce', 'generic'] as const;
export const provided = ['ingest', 'deliver'] as const;
export const sorts = ['installs', 'updated', 'name'] as const;

export interface CatalogueFilter {
  q?: string | undefined;
  category?: (typeof categories)[number] | undefined;
  provides?: (typeof provided)[number] | undefined;
  sort?: (typeof sorts)[number] | undefined;
}

// Cards and pages say what is installed, so both go stale with the installations.
export function catalogueQuery(filter: CatalogueFilter) {
  return infiniteQueryOptions({
    queryKey: ['installations', 'catalogue', filter],
    queryFn: ({ pageParam, signal }) =>
      api.get('/plugins', pageSchema(pluginCardSchema), { query: { ...filter, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

/** One plugin: the newest version that may be installed, or the one named. */
export function pluginQuery(id: string, version?: string) {
  return queryOptions({
    queryKey: ['installations', 'plugin', id, version ?? 'newest'],
    queryFn: ({ signal }) =>
      api.get(`/plugins/${id.split('/').map(encodeURIComponent).join('/')}`, pluginDetailSchema, {
        query: { version },
        signal,
      }),
  });
}
