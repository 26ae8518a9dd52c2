import type { Consent, ConsentLine } from '@patchbay/plugin-sdk/contract/rest/plugins';

export interface ConsentChange {
  added: ConsentLine[];
  removed: ConsentLine[];
}

/** What a consent asks for that the earlier one did not, and the other way round; order does not matter. */
export function consentChange(before: Consent, after: Consent): ConsentChange {
  const known = new Set(before.lines.map(identity));
  const present = new Set(after.lines.map(identity));
  return {
    added: after.lines.filter((line) => !known.has(identity(line))),
    removed: before.lines.filter((line) => !present.has(identity(line))),
  };
}

function identity({ kind, text, scope }: ConsentLine): string {
  return JSON.stringify([kind, text, scope]);
}
