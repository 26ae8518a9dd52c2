import type { EventPayload } from '@patchbay/plugin-sdk/contract/event-payload';

export interface FieldDifference {
  field: string;
  /** Undefined where it was not there. */
  before: string | undefined;
  after: string | undefined;
}

/** The fields in which two events differ, as a rule names them. */
export function eventDifference(before: EventPayload, after: EventPayload): FieldDifference[] {
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((field) => ({ field, before: old.get(field), after: now.get(field) }))
    .filter(({ before: one, after: other }) => one !== other);
}

function fieldsOf({ dedup_key, payload }: EventPayload): Map<string, string> {
  const { custom_details: details = {}, ...texts } = payload ?? {};
  return new Map([
    ['dedup_key', dedup_key],
    ...Object.entries(texts).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, value]],
    ),
    ...Object.entries(details).map(([name, value]): [string, string] => [
      `custom_details.${name}`,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  ]);
}
