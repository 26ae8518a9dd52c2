import { createHash } from 'node:crypto';
import type { EventRule } from '@patchbay/plugin-sdk/contract/event-rules';

/** The rules of an integration as they are run. */
export interface IntegrationRules {
  readonly list: readonly EventRule[];
  /** What the sandbox holds against them when they break its limits; other rules have another one. */
  readonly program: string;
}

/** @param owner whose rules these are: the same text elsewhere is another program */
export function rulesOf(owner: string, list: readonly EventRule[]): IntegrationRules | null {
  if (list.length === 0) return null;
  const program = createHash('sha256')
    .update(`${owner}\n${JSON.stringify(list)}`)
    .digest('hex');
  return { list, program };
}
