import { firstText, textOf } from '@patchbay/plugin-sdk';

interface Criterion {
  metricName?: unknown;
  metricMeasureColumn?: unknown;
  timeAggregation?: unknown;
  operator?: unknown;
  threshold?: unknown;
  metricValue?: unknown;
  webTestName?: unknown;
  dimensions?: Dimension[] | null | undefined;
}

interface Dimension {
  name?: unknown;
  value?: unknown;
}

const OPERATORS: Record<string, string> = {
  GreaterThan: '>',
  GreaterThanOrEqual: '>=',
  GreaterOrEqual: '>=',
  LessThan: '<',
  LowerThan: '<',
  LessThanOrEqual: '<=',
  LessOrEqual: '<=',
  Equals: '=',
};

/** What the first criterion says, for a person: `Percentage CPU is 31 (> 25)`. A search has a column or only counts. */
export function conditionText(criteria: Criterion[] | null | undefined): string | undefined {
  const [first] = criteria ?? [];
  const metric = firstText(first?.webTestName, first?.metricName, first?.metricMeasureColumn, first?.timeAggregation);
  const value = textOf(first?.metricValue);
  if (first === undefined || metric === undefined || value === undefined) return undefined;
  const threshold = textOf(first.threshold);
  const operator = textOf(first.operator) ?? '';
  const limit = threshold === undefined ? '' : ` (${OPERATORS[operator] ?? operator} ${threshold})`;
  return `${metric} is ${value}${limit}`;
}

/** The values of the dimensions that an alert was split by: the part of its place that no resource id says. */
export function dimensionValues(...lists: (Dimension[] | null | undefined)[]): string | undefined {
  const values = lists.flatMap((list) => (list ?? []).flatMap(({ value }) => textOf(value) ?? []));
  return values.length === 0 ? undefined : values.slice(0, 5).join(', ');
}

/** Dimensions as part of a key, in one order whatever order they were sent in. */
export function dimensionsKey(...lists: (Dimension[] | null | undefined)[]): string[] {
  const pairs = lists.flatMap((list) =>
    (list ?? []).map(({ name, value }) => `${textOf(name) ?? ''}=${textOf(value) ?? ''}`),
  );
  return pairs.length === 0 ? [] : [pairs.sort().join(',')];
}

/** The last name of an Azure resource id, and its resource group. */
export function resourceOf(id: unknown): { name?: string; group?: string } {
  const text = textOf(id);
  if (text === undefined || !text.startsWith('/')) return text === undefined ? {} : { name: text };
  const parts = text.split('/').filter((part) => part !== '');
  const at = parts.findIndex((part) => part.toLowerCase() === 'resourcegroups');
  const name = parts.at(-1);
  const group = at === -1 ? undefined : parts[at + 1];
  return { ...(name !== undefined ? { name } : {}), ...(group !== undefined ? { group } : {}) };
}

/** The page of a resource in Azure's portal. */
export function portalLink(id: unknown): string | undefined {
  const text = textOf(id);
  return text?.startsWith('/subscriptions/') === true ? `https://portal.azure.com/#resource${text}` : undefined;
}
