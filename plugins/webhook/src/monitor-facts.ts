/** What a format of a monitoring product says of a problem. */
export interface MonitorFacts {
  /** The word for the state, as it was sent; one without an action is no alert. */
  state: string;
  /** What makes the problem this one, without what changes when it is over. */
  key: (string | undefined)[];
  summary: string | undefined;
  source: unknown[];
  severity: unknown;
  links?: (readonly [unknown, string])[];
  timestamp?: unknown;
}
