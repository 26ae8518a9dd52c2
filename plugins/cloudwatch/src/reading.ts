import type { EventPayload, Severity } from '@patchbay/plugin-sdk';
import type { z } from 'zod';

/** What became of a message: an event, or why there is none. */
export type Reading = EventPayload | { ignored: string };

/** Checks a value against a schema; one that does not fit ends the call as invalid. */
export type Parse = <S extends z.ZodType>(schema: S, value: unknown) => z.infer<S>;

/** Where a message came from: what SNS wrote around it, empty for a message that came alone. */
export interface Envelope {
  messageId?: string;
  topicArn?: string;
  subject?: string;
  timestamp?: string;
}

export interface Settings {
  alarmSeverity: (alarmName: string) => Severity;
  insufficientData: 'ignore' | 'incident';
  otherMessages: 'ignore' | 'incident';
}
