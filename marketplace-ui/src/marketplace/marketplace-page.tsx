import { Button, NativeSelect, Skeleton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Store } from 'lucide-react';
import { CursorPager } from '../components/cursor-pager.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { SearchField } from '../components/search-field.tsx';
import { PluginCard } from './plugin-card.tsx';
import type { CatalogueFilter } from './plugin-queries.ts';
import { catalogueQuery, categories, provided, sorts } from './plugin-queries.ts';
import { categoryWord, providesWord, sortWord } from './plugin-words.ts';
import classes from './plugin-card.module.css';
import filters from './marketplace-page.module.css';

const route = getRouteApi('/app/marketplace');

/** Everything that can be installed; search, facets and order stand in the address. */
export function MarketplacePage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = (change: CatalogueFilter) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  return (
    <>
      <PageHeader
        title="Marketplace"
        about="Plugins that receive alerts, and plugins that act on incidents. Each runs in a sandbox and can do only what you agree to."
      />
      <search className={filters.bar} aria-label="Find a plugin">
        <SearchField
          slash
          label="Search plugins"
          value={search.q ?? ''}
          onChange={(q) => set({ q: q === '' ? undefined : q })}
        />
        <Facet
          label="Does"
          value={search.provides}
          all="Anything"
          choices={provided.map((value) => ({ value, label: providesWord(value) }))}
          onChange={(provides) => set({ provides })}
        />
        <Facet
          label="Category"
          value={search.category}
          all="Every category"
          choices={categories.map((value) => ({ value, label: categoryWord(value) }))}
          onChange={(category) => set({ category })}
        />
        <NativeSelect
          className={filters.sort ?? ''}
          aria-label="Order"
          value={search.sort ?? 'installs'}
          data={sorts.map((value) => ({ value, label: sortWord(value) }))}
          onChange={(event) => set({ sort: sorts.find((sort) => sort === event.currentTarget.value) })}
        />
      </search>
      <Results filter={search} onClear={() => void navigate({ search: {} })} />
    </>
  );
}

interface FacetProps<T extends string> {
  label: string;
  value: T | undefined;
  all: string;
  choices: readonly { value: T; label: string }[];
  onChange: (value: T | undefined) => void;
}

function Facet<T extends string>({ label, value, all, choices, onChange }: FacetProps<T>) {
  return (
    <NativeSelect
      aria-label={label}
      value={value ?? ''}
      data={[{ value: '', label: all }, ...choices]}
      onChange={(event) => onChange(choices.find((choice) => choice.value === event.currentTarget.value)?.value)}
    />
  );
}

function Results({ filter, onClear }: { filter: CatalogueFilter; onClear: () => void }) {
  const query = useInfiniteQuery(catalogueQuery(filter));
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <CardSkeletons />;
  const plugins = query.data.pages.flatMap((page) => page.items);
  const narrowed = filter.q !== undefined || filter.category !== undefined || filter.provides !== undefined;
  if (plugins.length === 0 && narrowed)
    return (
      <EmptyState
        kind="no-match"
        title="No plugin matches"
        action={
          <Button variant="default" onClick={onClear}>
            Clear search and filters
          </Button>
        }
      >
        Nothing was found for {filterInWords(filter)}.
      </EmptyState>
    );
  if (plugins.length === 0)
    return (
      <EmptyState kind="first-run" icon={Store} title="The catalogue is empty">
        Patchbay publishes its own plugins here when it starts for the first time. If they are still missing after a
        minute, look at the host log for a check that failed.
      </EmptyState>
    );
  return (
    <>
      <ul className={classes.grid} aria-label="Plugins">
        {plugins.map((plugin) => (
          <PluginCard key={plugin.id} plugin={plugin} />
        ))}
      </ul>
      <CursorPager
        shown={plugins.length}
        noun={plugins.length === 1 ? 'plugin' : 'plugins'}
        hasMore={query.hasNextPage}
        loading={query.isFetchingNextPage}
        onMore={() => void query.fetchNextPage()}
      />
    </>
  );
}

function filterInWords({ q, category, provides }: CatalogueFilter): string {
  return [
    ...(q === undefined ? [] : [`“${q}”`]),
    ...(provides === undefined ? [] : [`“${providesWord(provides)}”`]),
    ...(category === undefined ? [] : [`in “${categoryWord(category)}”`]),
  ].join(', ');
}

function CardSkeletons() {
  return (
    <div className={classes.grid} role="status" aria-label="Loading plugins">
      {Array.from({ length: 6 }, (_, at) => (
        <Skeleton key={at} height={188} radius="lg" />
      ))}
    </div>
  );
}
