import { apiLimits } from '@patchbay/plugin-sdk/contract/limits';
import { z } from 'zod';
import { api, type Query } from '../api/client.ts';

/** Enough for lists that people make by hand; what lies beyond is reached by search. */
const PAGES_MAX = 10;

/** Every item of a list that is short by nature (services, installations, destinations), page after page. */
export async function allPages<T extends z.ZodType>(
  path: string,
  item: T,
  query: Query = {},
  signal?: AbortSignal,
): Promise<z.output<T>[]> {
  // Lists that are always short come whole, without a cursor.
  const schema = z.object({ items: z.array(item), next: z.string().nullable().default(null) });
  const items: z.output<T>[] = [];
  let cursor: string | undefined;
  for (let read = 0; read < PAGES_MAX; read++) {
    const page = await api.get(path, schema, {
      query: { ...query, limit: apiLimits.pageSizeMax, cursor },
      signal,
    });
    items.push(...page.items);
    if (page.next === null) break;
    cursor = page.next;
  }
  return items;
}
