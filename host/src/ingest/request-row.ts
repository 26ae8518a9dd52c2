import type { GroupId, IntegrationId, RequestId } from '@patchbay/plugin-sdk/contract/ids';
import type { Issue } from '@patchbay/plugin-sdk/contract/envelopes';
import { storableJson } from '../store/storable.ts';
import type { Database } from '../store/schema.ts';

/** A received request, as it will be stored. All text is storable, JSON is text. */
export interface RequestRow {
  readonly groupId: GroupId;
  readonly requestId: RequestId;
  readonly integrationId: IntegrationId;
  readonly order: number;
  readonly method: string;
  /** JSON text, without credentials. */
  readonly headers: string;
  /** JSON text, without credentials. */
  readonly query: string;
  readonly contentType: string;
  readonly body: Uint8Array;
  readonly remoteAddress: string;
  readonly pluginId: string | null;
  readonly pluginVersion: string | null;
}

/** What became of a request. */
export interface RequestVerdict {
  readonly state: Database['requests']['state'];
  /** The status that the sender gets. */
  readonly status: number;
  readonly code: string | null;
  readonly reason: string | null;
  readonly issues: readonly Issue[] | null;
  /** JSON text. */
  readonly logs: string | null;
  readonly durationMicros: number;
  readonly attempts: number;
  /** For a pending request: when it is tried next, milliseconds since the epoch. */
  readonly nextAttemptAt: number | null;
  /** Who is at work on it now, and until when at the latest. */
  readonly claim: { id: string; until: number } | null;
}

const LOG_ENTRIES = 1000;

/** What the log of a run holds, with further lines. */
export function moreLogs(logs: string | null, lines: readonly { level: string; message: string }[]): string | null {
  if (lines.length === 0) return logs;
  const before = logs === null ? [] : (JSON.parse(logs) as { level: string; message: string }[]);
  return storableJson([...before, ...lines]);
}

/** Log lines of a run as JSON text for their column, null when there are none. */
export function logsColumn(
  logs: readonly { level: string; message: string; fields?: Record<string, unknown> | undefined }[],
): string | null {
  if (logs.length === 0) return null;
  return storableJson(
    logs.slice(0, LOG_ENTRIES).map(({ level, message, fields }) => ({
      level,
      message:
        fields === undefined || Object.keys(fields).length === 0 ? message : `${message} ${JSON.stringify(fields)}`,
    })),
  );
}
