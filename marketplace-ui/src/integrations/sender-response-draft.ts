import {
  responseHeaderNames,
  senderResponseSchema,
  type SenderResponse,
} from '@patchbay/plugin-sdk/contract/rest/sender-response';

/** What the sender is answered, while it is edited. */
interface SenderResponseDraft {
  own: boolean;
  status: string;
  contentType: string;
  body: string;
  /** One `name: value` per line. */
  headers: string;
}

export function senderResponseDraft(response: SenderResponse | null): SenderResponseDraft {
  return {
    own: response !== null,
    status: String(response?.status ?? 200),
    contentType: response?.contentType ?? 'text/plain',
    body: response?.body ?? '',
    headers: Object.entries(response?.headers ?? {})
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
  };
}

type SenderResponseIssues = Partial<Record<'body' | 'headers', string>>;

/** The answer that a draft stands for, or what is wrong with it, by field. */
export function readSenderResponse(
  draft: SenderResponseDraft,
): { ok: true; response: SenderResponse | null } | { ok: false; issues: SenderResponseIssues } {
  if (!draft.own) return { ok: true, response: null };
  const lines = draft.headers.split('\n').filter((line) => line.trim() !== '');
  const wrong = lines.find((line) => !/^[^:\s]+:/.test(line.trim()));
  if (wrong !== undefined) return { ok: false, issues: { headers: `“${wrong.trim()}” is no line “name: value”.` } };
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const status = Number(draft.status);
  const body = status === 204 ? '' : draft.body;
  const parsed = senderResponseSchema.safeParse({ status, contentType: draft.contentType, body, headers });
  if (parsed.success) return { ok: true, response: parsed.data };
  const issues: SenderResponseIssues = {};
  for (const { path, message } of parsed.error.issues)
    if (path[0] === 'body') issues.body ??= `${message}.`;
    else issues.headers ??= path[1] === undefined ? `${message}.` : `${String(path[1])}: ${message}.`;
  return { ok: false, issues };
}

export const headerHelp = `One “name: value” per line. Names may be ${responseHeaderNames.join(', ')} and x-custom-….`;
