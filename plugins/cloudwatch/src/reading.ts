import type { EventAction, EventPayload, Severity } from '@patchbay/plugin-sdk';
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

/** The fields of an event of a service, which every service names as it likes. */
export type Detail = Record<string, unknown>;

export const part = (value: unknown): Detail => (typeof value === 'object' && value !== null ? (value as Detail) : {});

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]).slice(0, 200) : []);

/** What is known of an event of a service. */
export interface OtherEvent {
  action: EventAction;
  key: string[];
  summary: string;
  severity: Severity;
  component?: string | undefined;
  link?: string;
}
