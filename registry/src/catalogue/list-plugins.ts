import { sql } from 'kysely';
import { z } from 'zod';
import type { CatalogueEntry, CatalogueQuery } from '../api/registry-resources.ts';
import { bootstrapPolicy } from '../publish/policies.ts';
import type { Registry } from '../registry.ts';

const cursorSchema = z.tuple([z.union([z.string(), z.number()]), z.string()]);
const WORDS = 8;

/**
 * What can be installed, page by page: the face of every plugin that has an available version. All words of `q` have
 * to occur; indexes registry_plugins_by_name and registry_plugins_by_type.
 *
 * @returns undefined for a cursor that this list did not make
 */
export async function listPlugins(
  { db }: Registry,
  query: CatalogueQuery,
): Promise<{ items: CatalogueEntry[]; next: string | null } | undefined> {
  const key = {
    name: sql<string | number>`lower(p.name)`,
    updated: sql<string | number>`(-extract(epoch from p.updated_at) * 1000)::float8`,
    installs: sql<string | number>`-p.installs`,
    // Nobody can rate yet; until then, what is used most.
    rating: sql<string | number>`-p.installs`,
  }[query.sort];
  let rows = db
    .selectFrom('registry_plugins as p')
    .innerJoin('registry_versions as v', (join) =>
      join.onRef('v.plugin_id', '=', 'p.plugin_id').onRef('v.version', '=', 'p.latest_version'),
    )
    .select([
      'p.plugin_id',
      'p.namespace',
      'p.installs',
      'p.deprecation_message',
      'p.deprecation_replacement',
      'v.version',
      'v.manifest',
      'v.published_at',
      key.as('key'),
    ]);
  for (const word of (query.q ?? '').toLowerCase().split(/\s+/).filter(Boolean).slice(0, WORDS))
    rows = rows.where('p.search_text', 'like', `%${word.replace(/[\\%_]/g, '\\$&')}%`);
  if (query.category !== undefined)
    rows = rows.where(sql<boolean>`p.categories @> ${JSON.stringify([query.category])}::jsonb`);
  if (query.provides !== undefined)
    rows = rows.where(sql<boolean>`p.provides @> ${JSON.stringify([query.provides])}::jsonb`);
  if (query.integrationType !== undefined) rows = rows.where('p.integration_type', '=', query.integrationType);
  if (query.cursor !== undefined) {
    const after = readCursor(query.cursor);
    if (after === undefined || (typeof after[0] === 'string') !== (query.sort === 'name')) return undefined;
    const type = query.sort === 'name' ? sql`text` : sql`float8`;
    rows = rows.where(sql<boolean>`(${key}, p.plugin_id) > (${after[0]}::${type}, ${after[1]})`);
  }
  const found = await rows
    .orderBy(key)
    .orderBy('p.plugin_id')
    .limit(query.limit + 1)
    .execute();
  const page = found.slice(0, query.limit);
  const last = page.at(-1);
  const next = found.length > query.limit && last !== undefined ? writeCursor([last.key, last.plugin_id]) : null;
  const items = page.map(({ manifest, ...row }): CatalogueEntry => ({
    id: manifest.id,
    version: row.version,
    name: manifest.name,
    summary: manifest.summary,
    vendor: manifest.vendor ?? null,
    categories: manifest.categories,
    provides: manifest.provides,
    integrationType: manifest.integrationType ?? null,
    firstParty: row.namespace === bootstrapPolicy.namespace,
    installs: row.installs,
    deprecated:
      row.deprecation_message === null
        ? null
        : { message: row.deprecation_message, replacement: row.deprecation_replacement },
    updatedAt: row.published_at.toISOString(),
  }));
  return { items, next };
}

function writeCursor(key: z.infer<typeof cursorSchema>): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

function readCursor(cursor: string): z.infer<typeof cursorSchema> | undefined {
  try {
    return cursorSchema.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))).data;
  } catch {
    return undefined;
  }
}
