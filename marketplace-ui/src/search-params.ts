import { z } from 'zod';

/**
 * Filters in the address as people write them: `?status=open&status=acknowledged&q=disk`. One value is a string,
 * a repeated name a list; nothing is quoted as JSON.
 */
export function parseSearch(search: string): Record<string, string | string[]> {
  const params = new URLSearchParams(search);
  const result: Record<string, string | string[]> = {};
  for (const name of new Set(params.keys())) {
    const values = params.getAll(name);
    const [first] = values;
    result[name] = values.length === 1 && first !== undefined ? first : values;
  }
  return result;
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '' && one !== false) params.append(name, String(one));
    }
  }
  const text = params.toString();
  return text ? `?${text}` : '';
}

/** A free text; what cannot be read is as if it were not there. */
export const textParam = z.string().min(1).max(500).optional().catch(undefined);

/** One of a closed set. */
export function choiceParam<const T extends readonly string[]>(values: T) {
  return z.enum(values).optional().catch(undefined);
}

/** Any number of a closed set; one value may come as a plain string. */
export function choicesParam<const T extends readonly string[]>(values: T) {
  const one = z.enum(values);
  return z
    .array(one)
    .min(1)
    .or(one.transform((value) => [value]))
    .optional()
    .catch(undefined);
}
