/** What a product for incidents says of one of its own. */
export interface IncidentFacts {
  state: string;
  key: string;
  summary: unknown[];
  source: unknown[];
  severity: unknown;
  link: unknown;
}
