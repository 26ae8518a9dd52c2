import './time.ts';
import { Environment, Optional, type ParseResult } from '@marcbachmann/cel-js';
import type { RuleRequest } from '@patchbay/plugin-sdk/contract/event-rules';
import type { EventPayload } from '@patchbay/plugin-sdk';

/** An event as expressions see it: flat, and every text is there, so that a missing one is not an error. */
export class EventFacts {
  action: string;
  dedup_key: string;
  summary: string;
  source: string;
  severity: string;
  component: string;
  group: string;
  class: string;
  custom_details: Record<string, unknown>;

  constructor({ event_action, dedup_key, payload }: EventPayload) {
    this.action = event_action;
    this.dedup_key = dedup_key;
    this.summary = payload?.summary ?? '';
    this.source = payload?.source ?? '';
    this.severity = payload?.severity ?? '';
    this.component = payload?.component ?? '';
    this.group = payload?.group ?? '';
    this.class = payload?.class ?? '';
    this.custom_details = payload?.custom_details ?? {};
  }
}

export class RequestFacts {
  method: string;
  headers: Record<string, string>;
  query: Record<string, string[]>;
  content_type: string;
  received_at: Date;

  constructor(request: RuleRequest) {
    this.method = request.method;
    this.headers = request.headers;
    this.query = request.query;
    this.content_type = request.contentType;
    this.received_at = new Date(request.receivedAt);
  }
}

/** Made once, when this module is compiled: every run starts from its memory. */
const environment = new Environment({
  enableOptionalTypes: true,
  homogeneousAggregateLiterals: false,
  limits: { maxAstNodes: 1000, maxDepth: 40, maxListElements: 200, maxMapEntries: 200, maxCallArguments: 16 },
})
  .registerType('Event', {
    ctor: EventFacts,
    fields: {
      action: 'string',
      dedup_key: 'string',
      summary: 'string',
      source: 'string',
      severity: 'string',
      component: 'string',
      group: 'string',
      class: 'string',
      custom_details: 'map<string, dyn>',
    },
  })
  .registerType('Request', {
    ctor: RequestFacts,
    fields: {
      method: 'string',
      headers: 'map<string, string>',
      query: 'map<string, list<string>>',
      content_type: 'string',
      received_at: 'google.protobuf.Timestamp',
    },
  })
  .registerVariable('event', 'Event')
  .registerVariable('request', 'Request');

export type Expression = ParseResult;

/** @throws an error of `messageOf` when it is no expression */
export function parseExpression(text: string): Expression {
  return environment.parse(text);
}

/** The type of what an expression gives, or what is wrong with it. */
export function typeOf(text: string): { type: string } | { problem: string } {
  const checked = environment.check(text);
  return checked.valid ? { type: String(checked.type) } : { problem: messageOf(checked.error, text) };
}

/** An error in words, with its place in the expression. */
export function messageOf(error: unknown, text: string): string {
  if (!(error instanceof Error)) return 'It failed.';
  const { summary, range } = error as { summary?: unknown; range?: { start?: unknown } };
  const what = typeof summary === 'string' ? summary : error.message;
  const start = range?.start;
  const place = typeof start === 'number' ? `${placeOf(text, start)}: ` : '';
  return (place + what).slice(0, MESSAGE_CHARS);
}

const MESSAGE_CHARS = 400;

function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `line ${line}, column ${offset - before.lastIndexOf('\n')}`;
}

/** What an expression gave as JSON. @throws Error when it is nothing that JSON can say */
export function jsonOf(value: unknown): unknown {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'number') return jsonOfObject(value);
  if (Number.isFinite(value)) return value;
  throw new Error('A number that is not finite cannot be kept');
}

function jsonOfObject(value: unknown): unknown {
  if (value === null) return null;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(jsonOf);
  if (value instanceof Optional) throw new Error('An optional value: end it with .orValue(…)');
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, entry]: [unknown, unknown]) => [String(key), jsonOf(entry)]));
  const prototype: unknown = typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : undefined;
  if (prototype === Object.prototype || prototype === null)
    return Object.fromEntries(Object.entries(value as object).map(([key, entry]) => [key, jsonOf(entry)]));
  throw new Error('Expected text, a number, a truth value, a list or a map');
}
