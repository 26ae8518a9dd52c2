import { clip, textOf } from './event-text.ts';
import { jsonFrom } from './json-depth.ts';
import { eventLimits } from '../contract/limits.ts';
import type { EventPayload } from '../contract/event-payload.ts';

const VERBS: Record<string, 'acknowledge' | 'resolve'> = {
  ack: 'acknowledge',
  acknowledge: 'acknowledge',
  acknowledged: 'acknowledge',
  resolve: 'resolve',
  resolved: 'resolve',
  close: 'resolve',
};

/** What a person wants of an incident; the key is the incident's deduplication key or its id. */
export interface IncidentAct {
  verb: 'acknowledge' | 'resolve';
  key: string;
}

/**
 * The event of an act, for a plugin that declares `actsForPeople`: the host finds the incident in the whole group,
 * whatever integration opened it, and the timeline names the person.
 */
export function actEvent({ verb, key }: IncidentAct, person: string): EventPayload {
  return { event_action: verb, dedup_key: key, actor: clip(person, eventLimits.labelChars) };
}

/**
 * Reads a button: its name holds the verb as a word of its own (`patchbay_resolve`, `ack:2`), and its value is the key,
 * or JSON with `dedup_key` and perhaps `action`.
 */
export function actOf(name: unknown, value: unknown): IncidentAct | undefined {
  const text = textOf(value);
  if (text === undefined) return undefined;
  const json = text.startsWith('{') ? jsonFrom(text) : undefined;
  const fields = typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : undefined;
  const verb = verbIn(fields?.action) ?? verbIn(name);
  const key = fields === undefined ? text : (textOf(fields.dedup_key) ?? textOf(fields.incident));
  return verb === undefined || key === undefined ? undefined : { verb, key };
}

/** Reads what somebody typed: `resolve KEY`, `ack KEY`. */
export function typedAct(text: string): IncidentAct | undefined {
  const [, word = '', key] = /^\s*(\w{1,20})\s+(\S[^\n]{0,1000})$/.exec(text) ?? [];
  const verb = verbIn(word);
  return verb === undefined || key === undefined ? undefined : { verb, key: key.trim().replace(/^`(.+)`$/, '$1') };
}

function verbIn(name: unknown): IncidentAct['verb'] | undefined {
  const words = (textOf(name) ?? '')
    .slice(0, 300)
    .toLowerCase()
    .split(/[^a-z]+/);
  const word = words.find((entry) => Object.hasOwn(VERBS, entry));
  return word === undefined ? undefined : VERBS[word];
}
