import type { Environment } from '@patchbay/plugin-sdk/contract/manifest';
import type { Destination } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { filterDraft, filterIssue, filterOf, type FilterDraft } from '../destinations/event-filter.ts';
import type { MapEntry } from '../settings-form/settings-draft.ts';

const URL_CHARS = 2048;
const HEADER_VALUE_CHARS = 1024;
const ATTEMPTS_MAX = 20;
const HEADER_NAME = /^[A-Za-z0-9-]{1,64}$/;
/** Headers that the sender writes itself; one set here would be dropped or break the signature. */
const OWN_HEADERS =
  /^(host|content-length|content-type|transfer-encoding|connection|user-agent|x-signature|x-timestamp|webhook-.*)$/i;

/** An outgoing webhook while it is edited. */
export interface WebhookDraft {
  name: string;
  url: string;
  environment: Environment;
  headers: MapEntry[];
  filter: FilterDraft;
  /** Empty: the schedule's own length. */
  maxAttempts: number | string;
}

export function webhookDraft(webhook?: Destination): WebhookDraft {
  return {
    name: webhook?.name ?? '',
    url: webhook?.url ?? '',
    environment: webhook?.environment ?? 'production',
    headers: Object.entries(webhook?.headers ?? {}).map(([key, value]) => ({ key, value })),
    filter: filterDraft(webhook?.filter),
    maxAttempts: '',
  };
}

export type WebhookIssues = Partial<Record<keyof WebhookDraft, string>>;

/** What is wrong, by field; empty when it may be sent. */
export function webhookIssues(draft: WebhookDraft): WebhookIssues {
  const issues: WebhookIssues = {};
  if (draft.name.trim() === '') issues.name = 'Give it a name, such as “Status page”.';
  const url = draft.url.trim();
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) issues.url = 'Enter a full address that starts with https://.';
  else if (url.length > URL_CHARS) issues.url = `Enter at most ${URL_CHARS.toLocaleString('en')} characters.`;
  const headers = headersIssue(draft.headers);
  if (headers !== null) issues.headers = headers;
  const filter = filterIssue(draft.filter);
  if (filter !== null) issues.filter = filter;
  if (draft.maxAttempts !== '') {
    const attempts = Number(draft.maxAttempts);
    if (!Number.isInteger(attempts) || attempts < 1 || attempts > ATTEMPTS_MAX)
      issues.maxAttempts = `Enter a whole number from 1 to ${ATTEMPTS_MAX}.`;
  }
  return issues;
}

function headersIssue(entries: readonly MapEntry[]): string | null {
  const names = new Set<string>();
  for (const { key, value } of filled(entries)) {
    const name = key.trim();
    if (!HEADER_NAME.test(name)) return `“${name}” is no header name: letters, digits and hyphens, at most 64.`;
    if (OWN_HEADERS.test(name)) return `${name} is written by Patchbay and cannot be set here.`;
    if (names.has(name.toLowerCase())) return `${name} is there twice; each header counts once.`;
    if (value.length > HEADER_VALUE_CHARS)
      return `The value of ${name} is longer than ${HEADER_VALUE_CHARS} characters.`;
    names.add(name.toLowerCase());
  }
  return null;
}

/** What can be changed of an existing webhook. */
export function webhookPatch(draft: WebhookDraft) {
  return {
    name: draft.name.trim(),
    url: draft.url.trim(),
    headers: Object.fromEntries(filled(draft.headers).map(({ key, value }) => [key.trim(), value])),
    filter: filterOf(draft.filter),
  };
}

/** The whole body of a new webhook. */
export function webhookInput(draft: WebhookDraft) {
  return {
    ...webhookPatch(draft),
    environment: draft.environment,
    ...(draft.maxAttempts === '' ? {} : { maxAttempts: Number(draft.maxAttempts) }),
  };
}

function filled(entries: readonly MapEntry[]): MapEntry[] {
  return entries.filter(({ key, value }) => key.trim() !== '' || value !== '');
}
