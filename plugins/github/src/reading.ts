import { labelText, linksFrom, sourceText, summaryText, textOf } from '@patchbay/plugin-sdk';
import type { EventAction, EventPayload, Severity } from '@patchbay/plugin-sdk';

/** What became of a message: an event, or why there is none. */
export type Reading = EventPayload | { ignored: string };

export interface Settings {
  /** True for a branch that the operator wants to hear of. */
  wantsBranch: (branch: string) => boolean;
  issues: boolean;
  severity: (word: unknown) => Severity;
}

export interface Facts {
  action: EventAction;
  key: string;
  summary: unknown[];
  source: unknown;
  severity: Severity;
  kind: string;
  component?: unknown;
  group?: unknown;
  timestamp?: unknown;
  links: (readonly [href: unknown, text: unknown])[];
  details: Record<string, unknown>;
}

/** The event that the facts make. */
export function eventOf(facts: Facts): EventPayload {
  const links = linksFrom(...facts.links);
  const component = labelText(facts.component);
  const group = labelText(facts.group);
  const timestamp = textOf(facts.timestamp)?.slice(0, 64);
  return {
    event_action: facts.action,
    dedup_key: facts.key,
    payload: {
      summary: summaryText(...facts.summary),
      source: sourceText(facts.source),
      severity: facts.severity,
      class: facts.kind,
      ...(component !== undefined ? { component } : {}),
      ...(group !== undefined ? { group } : {}),
      ...(timestamp !== undefined ? { timestamp } : {}),
      custom_details: facts.details,
    },
    ...(links.length > 0 ? { links } : {}),
  };
}

const UNFINISHED = 'is not finished';

/**
 * GitHub's conclusion of a run, job, check or suite. Only a finished one says anything; of those, a cancelled,
 * skipped, neutral or stale one says neither that it works nor that it is broken.
 */
export function concluded(
  action: unknown,
  run: { status?: unknown; conclusion?: unknown },
): { action: 'trigger' | 'resolve'; verb: string } | { ignored: string } {
  const finished = action === undefined || action === null ? run.status === 'completed' : action === 'completed';
  if (!finished) return { ignored: `The action is "${String(action ?? run.status)}": it ${UNFINISHED}` };
  switch (run.conclusion) {
    case 'failure':
      return { action: 'trigger', verb: 'failed' };
    case 'timed_out':
      return { action: 'trigger', verb: 'timed out' };
    case 'startup_failure':
      return { action: 'trigger', verb: 'could not start' };
    case 'success':
      return { action: 'resolve', verb: 'succeeded' };
    default:
      return { ignored: `The conclusion is "${String(run.conclusion)}", which is neither success nor failure` };
  }
}

/** Branches are compared by name; a setting that ends in `*` names every branch that begins so. */
export function branchFilter(setting: unknown): (branch: string) => boolean {
  const wanted = Array.isArray(setting) ? setting.filter((entry) => typeof entry === 'string' && entry !== '') : [];
  if (wanted.length === 0) return () => true;
  return (branch) =>
    wanted.some((name: string) => (name.endsWith('*') ? branch.startsWith(name.slice(0, -1)) : branch === name));
}

export function unwantedBranch(branch: string): { ignored: string } {
  return { ignored: `Branch "${branch.slice(0, 100)}" is not among the branches of the settings` };
}

/** A branch as part of a key; GitHub sends null for a fork's check and for a commit that no branch points to. */
export function branchOf(value: unknown): string {
  return typeof value === 'string' && value !== '' ? value : '(no branch)';
}
