import type { Severity } from '../contract/event-payload.ts';

const SEVERITY_WORDS: Record<string, Severity> = {
  critical: 'critical',
  crit: 'critical',
  page: 'critical',
  fatal: 'critical',
  emergency: 'critical',
  disaster: 'critical',
  blocker: 'critical',
  p1: 'critical',
  error: 'error',
  err: 'error',
  major: 'error',
  high: 'error',
  p2: 'error',
  warning: 'warning',
  warn: 'warning',
  minor: 'warning',
  medium: 'warning',
  moderate: 'warning',
  p3: 'warning',
  info: 'info',
  information: 'info',
  informational: 'info',
  notice: 'info',
  note: 'info',
  low: 'info',
  debug: 'info',
  none: 'info',
  p4: 'info',
  p5: 'info',
};

/** Our severity for the words in common use; undefined for a word that nobody agreed on. */
export function severityOf(value: unknown): Severity | undefined {
  if (typeof value !== 'string') return undefined;
  const word = value.trim().toLowerCase();
  return Object.hasOwn(SEVERITY_WORDS, word) ? SEVERITY_WORDS[word] : undefined;
}

/**
 * Reads severities by a plugin's settings `severities` (the operator's own words, from text to text) and
 * `defaultSeverity`: own words first, then those in common use, then the default.
 */
export function severityReader(
  configuration: Record<string, unknown>,
  fallback: Severity,
): (word: unknown) => Severity {
  const own = new Map<string, Severity>();
  const words: unknown = configuration.severities;
  if (typeof words === 'object' && words !== null)
    for (const [word, severity] of Object.entries(words)) {
      const known = severityOf(severity);
      if (known !== undefined) own.set(word.trim().toLowerCase(), known);
    }
  const byDefault = severityOf(configuration.defaultSeverity) ?? fallback;
  return (word) => {
    const text = typeof word === 'number' ? String(word) : word;
    const agreed = typeof text === 'string' ? own.get(text.trim().toLowerCase()) : undefined;
    return agreed ?? severityOf(text) ?? byDefault;
  };
}
