import type { Named, NamedObject } from './webhook.schema.ts';

/** The object of a field; one that is only its name is an object with that name. */
export function namedOf(value: Named | undefined): NamedObject {
  return typeof value === 'object' && value !== null ? value : { name: value };
}
