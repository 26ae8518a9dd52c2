import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** A recorded alert: a plugin's own fixture, sent after `pauseMs`. */
export interface RecordedAlert {
  type: string;
  fixture: string;
  pauseMs: number;
  /** Sends just the SNS message, as raw message delivery does: nobody here can sign as Amazon. */
  unwrapped?: true;
}

/** A short day of a small company: things break, are seen, and mostly get well again. */
export const recordedAlerts: readonly RecordedAlert[] = [
  { type: 'prometheus', fixture: 'mixed-group', pauseMs: 0 },
  { type: 'github', fixture: 'workflow-failure', pauseMs: 800 },
  { type: 'cloudwatch', fixture: 'alarm', pauseMs: 800, unwrapped: true },
  { type: 'sentry', fixture: 'issue-created', pauseMs: 800 },
  { type: 'grafana', fixture: 'unified-two-states', pauseMs: 800 },
  { type: 'github', fixture: 'workflow-success', pauseMs: 2_000 },
  { type: 'cloudwatch', fixture: 'ok', pauseMs: 1_500, unwrapped: true },
];

interface Fixture {
  request: {
    method?: string;
    headers?: Record<string, string>;
    query?: Record<string, string>;
    contentType?: string;
    body: unknown;
  };
}

/** Sends a fixture's request to an integration as its sender would. @returns the status */
export async function play(url: string, key: string, alert: RecordedAlert): Promise<number> {
  const path = new URL(`../../plugins/${alert.type}/fixtures/${alert.fixture}.json`, import.meta.url);
  const { request } = JSON.parse(await readFile(fileURLToPath(path), 'utf8')) as Fixture;
  const response = await fetch(url, {
    method: request.method ?? 'POST',
    headers: {
      'content-type': request.contentType ?? 'application/json',
      ...request.headers,
      authorization: `Bearer ${key}`,
    },
    body: alert.unwrapped === true ? messageOf(request.body) : asText(request.body),
  });
  await response.arrayBuffer();
  return response.status;
}

function asText(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function messageOf(body: unknown): string {
  const envelope = (typeof body === 'string' ? JSON.parse(body) : body) as { Message: string };
  return envelope.Message;
}
