import { severityOf, severityReader, textOf } from '@patchbay/plugin-sdk';
import type { Severity } from '@patchbay/plugin-sdk';

export interface Settings {
  /** Name of the cluster where the body names none. */
  cluster: string | undefined;
  /** Severity by the reason of an event, else by the word that the sender has for it. */
  severity: (reason: unknown, word: unknown) => Severity;
  /** Reasons of Normal events that open incidents, in lower case. */
  normalReasons: Set<string>;
  /** From the reason of an event, in lower case, to the reason of the one that it ends. */
  recoveries: Map<string, string>;
}

export function readSettings(configuration: Record<string, unknown>): Settings {
  const read = severityReader(configuration, 'warning');
  const reasons: unknown[] = Array.isArray(configuration.normalReasons) ? configuration.normalReasons : [];
  const recoveries = Object.entries(Object(configuration.recoveries) as Record<string, unknown>);
  const own = new Set(Object.keys(Object(configuration.severities) as object).map((word) => word.trim().toLowerCase()));
  return {
    cluster: textOf(configuration.cluster),
    severity: (reason, word) =>
      own.has(textOf(reason)?.toLowerCase() ?? '') || severityOf(word) === undefined ? read(reason) : read(word),
    normalReasons: new Set(reasons.flatMap((reason) => textOf(reason)?.toLowerCase() ?? [])),
    recoveries: new Map(
      recoveries.flatMap(([reason, ends]) => {
        const text = textOf(ends);
        return text === undefined ? [] : [[reason.trim().toLowerCase(), text] as const];
      }),
    ),
  };
}
