import type { Page } from '@patchbay/plugin-sdk/contract/rest/page';
import { pageSchema } from '@patchbay/plugin-sdk/contract/rest/page';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { z } from 'zod';
import { holdRows } from './hold-rows.ts';
import { api, type Query } from './client.ts';
import type { Topic } from './topics.ts';

export interface LiveList<Row> {
  rows: Row[];
  /** New rows that wait until the viewer asks for them. */
  held: number;
  showHeld: () => void;
  /** Milliseconds since the epoch; 0 before the first answer. */
  updatedAt: number;
  isPending: boolean;
  error: Error | null;
  retry: () => void;
  hasMore: boolean;
  loadingMore: boolean;
  loadMore: () => void;
}

/**
 * A list that is read page by page and kept fresh by its topic. While the page is scrolled, rows stay where they are and
 * new ones are held back.
 */
export function useLiveList<T extends z.ZodType<{ id: string }>>(
  topic: Topic | 'audit',
  path: string,
  item: T,
  query: Query = {},
): LiveList<z.output<T>> {
  type Row = z.output<T>;
  const schema = useMemo(() => pageSchema(item), [item]);
  const filter = JSON.stringify(query);
  const result = useInfiniteQuery({
    queryKey: [topic, 'list', path, query],
    queryFn: async ({ pageParam, signal }) =>
      (await api.get(path, schema, { query: { ...query, cursor: pageParam ?? undefined }, signal })) as Page<Row>,
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });

  const all = useMemo(() => uniqueRows((result.data?.pages ?? []).flatMap((page) => page.items)), [result.data]);
  const reading = useReading();
  const shownKeys = useRef<{ filter: string; keys: string[] }>({ filter, keys: [] });
  const former = reading && shownKeys.current.filter === filter ? shownKeys.current.keys : [];
  const { rows, held } = holdRows(all, former, (row) => row.id);
  useEffect(() => {
    shownKeys.current = { filter, keys: rows.map((row) => row.id) };
  });

  const { refetch, fetchNextPage } = result;
  return {
    rows,
    held,
    showHeld: useCallback(() => window.scrollTo({ top: 0 }), []),
    updatedAt: result.dataUpdatedAt,
    isPending: result.isPending,
    error: all.length > 0 ? null : result.error,
    retry: useCallback(() => void refetch(), [refetch]),
    hasMore: result.hasNextPage,
    loadingMore: result.isFetchingNextPage,
    loadMore: useCallback(() => void fetchNextPage(), [fetchNextPage]),
  };
}

/** A row that moved between two pages while they were read comes twice. */
function uniqueRows<Row extends { id: string }>(rows: Row[]): Row[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}

/** Below the first screenful of the page, the viewer is reading. */
function useReading(): boolean {
  const [reading, setReading] = useState(false);
  useEffect(() => {
    const onScroll = () => setReading(window.scrollY > 80);
    window.addEventListener('scroll', onScroll, { passive: true });
    return () => window.removeEventListener('scroll', onScroll);
  }, []);
  return reading;
}
