import type { AskAnswer, AskKind } from '../contract/journal.ts';

/** One entry of a journal as a person reads it. */
export interface ShownAsk {
  number: number;
  kind: AskKind;
  /** `POST https://...`, `set some-key`, `sleep 500 ms`. */
  what: string;
  /** `201`, `EGRESS_FAILED: ...`, `ok`; null while nothing has answered. */
  answer: string | null;
}

const WHAT_CHARS = 300;

/** @param request the ask's text as the guest wrote it */
export function showAsk(
  { number, kind, request }: { number: number; kind: AskKind; request: string },
  answer: AskAnswer | undefined,
): ShownAsk {
  const what = whatOf(kind, request);
  return {
    number,
    kind,
    what: what.length > WHAT_CHARS ? `${what.slice(0, WHAT_CHARS - 1)}…` : what,
    answer: answer === undefined ? null : answerOf(answer),
  };
}

/** One line: number, kind, what was asked, what was answered. */
export function askLine({ number, kind, what, answer }: ShownAsk): string {
  return `ask ${number} ${kind}: ${what} -> ${answer ?? 'no answer'}`;
}

function whatOf(kind: AskKind, request: string): string {
  const asked = objectOf(request);
  const text = (name: string): string => {
    const value = asked[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  switch (kind) {
    case 'http':
      return `${text('method')} ${text('url')}`;
    case 'store':
      return `${text('op')} ${text('op') === 'list' ? `${text('prefix')}*` : text('key')}`;
    case 'schedule':
      return `sleep ${text('ms')} ms`;
    case 'emit':
      return text('kind');
  }
}

function answerOf(answer: AskAnswer): string {
  if ('error' in answer) return `${answer.error.code}: ${answer.error.message}`;
  const { status } = Object(answer.ok) as { status?: unknown };
  return typeof status === 'number' ? String(status) : 'ok';
}

function objectOf(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return {};
  }
}
