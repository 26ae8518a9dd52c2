import type { KeyObject } from 'node:crypto';

/** How far a registry's decision log had come when it said something. */
export interface LogPlace {
  number: number;
  logHash: string;
}

/** What a host remembers of a registry, whatever the registry then says. */
export interface RegistryTrust {
  /** The key that everything has to be signed with. */
  key(): Promise<KeyObject>;
  /** The furthest place that anything verified has named; undefined before the first time. */
  furthest(): Promise<LogPlace | undefined>;
  /** Remembers a place, unless a further one is known. */
  reached(place: LogPlace): Promise<void>;
}

/** Why what names this place is not taken; undefined when it is. */
export function placeRefusal(furthest: LogPlace | undefined, place: LogPlace): string | undefined {
  if (furthest === undefined || place.number > furthest.number) return undefined;
  if (place.number < furthest.number)
    return `it is an older one: it has the number ${place.number}, and this host has seen ${furthest.number}`;
  if (place.logHash !== furthest.logHash) return `its log at ${place.number} is not the one that this host was shown`;
  return undefined;
}
