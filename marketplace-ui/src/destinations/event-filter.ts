import { changeTypes, type ChangeType } from '@patchbay/plugin-sdk/contract/envelopes';
import { severities, type Severity } from '@patchbay/plugin-sdk/contract/event-payload';
import type { SubscriptionFilter } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { joinWords } from '../consent/words.ts';

/** A filter while it is edited: every box that is ticked is named. An empty list of services or types means all. */
export interface FilterDraft {
  changeTypes: ChangeType[];
  severities: Severity[];
  serviceIds: string[];
  integrationTypes: string[];
}

/** In a stored filter an empty list means "all", also of what is added later; in the form all boxes are ticked. */
export function filterDraft(filter?: SubscriptionFilter): FilterDraft {
  return {
    changeTypes: spread(filter?.changeTypes, changeTypes),
    severities: spread(filter?.severities, severities),
    serviceIds: [...(filter?.serviceIds ?? [])],
    integrationTypes: [...(filter?.integrationTypes ?? [])],
  };
}

export function filterOf(draft: FilterDraft): SubscriptionFilter {
  return {
    changeTypes: fold(draft.changeTypes, changeTypes),
    severities: fold(draft.severities, severities),
    serviceIds: draft.serviceIds,
    integrationTypes: draft.integrationTypes,
  };
}

/** Why the draft would let nothing through, or null. */
export function filterIssue(draft: FilterDraft): string | null {
  if (draft.changeTypes.length === 0) return 'Tick at least one change, or nothing would ever be sent.';
  if (draft.severities.length === 0) return 'Tick at least one severity, or nothing would ever be sent.';
  return null;
}

/** "Opened and resolved, critical only, 2 services". */
export function filterInWords(filter: SubscriptionFilter, serviceName: (id: string) => string): string {
  const changes = filter.changeTypes.map((type) => changeWord(type).toLowerCase());
  return [
    changes.length === 0 ? 'Every change' : capitalised(joinWords(changes)),
    filter.severities.length === 0 ? 'any severity' : joinWords(filter.severities),
    ...(filter.serviceIds.length === 0 ? [] : [`of ${joinWords(filter.serviceIds.map(serviceName))}`]),
    ...(filter.integrationTypes.length === 0 ? [] : [`from ${joinWords(filter.integrationTypes)}`]),
  ].join(', ');
}

const changeWords: Record<ChangeType, string> = {
  'incident.opened': 'Opened',
  'incident.updated': 'Updated',
  'incident.acknowledged': 'Acknowledged',
  'incident.resolved': 'Resolved',
  'incident.reopened': 'Reopened',
  'incident.unacknowledged': 'Unacknowledged',
};

export function changeWord(type: ChangeType): string {
  return changeWords[type];
}

function spread<T extends string>(list: readonly T[] | undefined, all: readonly T[]): T[] {
  return list === undefined || list.length === 0 ? [...all] : [...list];
}

function fold<T extends string>(list: readonly T[], all: readonly T[]): T[] {
  return list.length === all.length ? [] : all.filter((one) => list.includes(one));
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
