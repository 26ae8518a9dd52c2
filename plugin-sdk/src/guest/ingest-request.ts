import { decodeText } from './charset-text.ts';
import { InvalidPayload } from './invalid-payload.ts';
import { isNestedTooDeep } from './json-depth.ts';
import { describePosition, jsonErrorPosition } from './json-error.ts';
import { multipartFields } from './multipart-fields.ts';
import { issuesOf, type Parsed, type Schema } from './validator.ts';
import type { IngestRequest as RequestEnvelope, Issue } from '../contract/envelopes.ts';

/** The result of `safeParse`. */
export type SafeParsed<T> = { success: true; data: T } | { success: false; issues: Issue[] };

/** A sender's request as `ingest` gets it. What is read from the body is read once. */
export class IngestRequest {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
  readonly method: RequestEnvelope['method'];
  /** Lower-case names. */
  readonly headers: Record<string, string>;
  /** Every value of a name, in order. */
  readonly query: Record<string, string[]>;
  readonly contentType: string;
  readonly body: RequestEnvelope['body'];
  #text: string | undefined;
  #json: { value: unknown } | undefined;
  #form: URLSearchParams | undefined;

  constructor(envelope: RequestEnvelope) {
    this.id = envelope.id;
    this.receivedAt = envelope.receivedAt;
    this.method = envelope.method;
    this.headers = envelope.headers;
    this.query = envelope.query;
    this.contentType = envelope.contentType;
    this.body = envelope.body;
  }

  /** A header by its name in any case. */
  header(name: string): string | undefined {
    const lower = name.toLowerCase();
    return Object.hasOwn(this.headers, lower) ? this.headers[lower] : undefined;
  }

  /** The first value of a query parameter. */
  queryValue(name: string): string | undefined {
    return Object.hasOwn(this.query, name) ? this.query[name]?.[0] : undefined;
  }

  /** The body as text: UTF-8, or what the content type's charset names; bytes that are neither become U+FFFD. */
  text(): string {
    this.#text ??=
      'text' in this.body ? this.body.text : decodeText(Uint8Array.fromBase64(this.body.base64), this.contentType);
    return this.#text;
  }

  /** The body as JSON, whatever the content type says; refuses the request, with the place, when it is not JSON. */
  json(): unknown {
    this.#json ??= { value: parseJson(this.text(), '') };
    return this.#json.value;
  }

  /**
   * The values of a body with one JSON text a line (NDJSON, JSON Lines, RFC 7464), whatever the content type says; refuses the
   * request, with the line, when one is not JSON. Empty lines are left out.
   */
  lines(): unknown[] {
    const lines = this.text().split(/[\n\u001e]/);
    return lines.flatMap((line, index) => (line.trim() === '' ? [] : [parseJson(line, `line ${index + 1}`)]));
  }

  /** The text fields of a form, urlencoded or multipart. */
  form(): URLSearchParams {
    this.#form ??= new URLSearchParams(
      /^\s*multipart\/form-data/i.test(this.contentType)
        ? (multipartFields(this.text(), this.contentType) ?? '')
        : this.text(),
    );
    return this.#form;
  }

  /** A field of a form that holds JSON (Slack, Statuspage and others send `payload=...`). */
  formJson(field: string): unknown {
    const text = this.form().get(field);
    if (text !== null) return parseJson(text, field);
    throw new InvalidPayload(`The form has no field "${field}"`, [{ path: field, message: 'Missing' }]);
  }

  /**
   * A value that fits the schema; refuses the request with the failing paths when it does not.
   *
   * @param schema a zod schema exported by a `*.schema.ts` module
   * @param value by default the body as JSON
   */
  parse<S extends Schema>(schema: S, value: unknown = this.json()): Parsed<S> {
    const issues = issuesOf(schema, value);
    if (issues.length > 0) throw new InvalidPayload('The body does not have the expected shape', issues);
    return value as Parsed<S>;
  }

  /** As `parse`, for a plugin that has something else to try when the value does not fit. */
  safeParse<S extends Schema>(schema: S, value: unknown = this.json()): SafeParsed<Parsed<S>> {
    const issues = issuesOf(schema, value);
    return issues.length > 0 ? { success: false, issues } : { success: true, data: value as Parsed<S> };
  }
}

function parseJson(text: string, path: string): unknown {
  const content = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (isNestedTooDeep(content)) {
    const message = 'The body is nested too deep';
    throw new InvalidPayload(message, [{ path, message }]);
  }
  try {
    return JSON.parse(content);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const position = jsonErrorPosition(content);
    const place = position === undefined ? '' : ` at ${describePosition(content, position)}`;
    const message = content.trim() === '' ? 'The body is empty' : `The body is not JSON${place}`;
    throw new InvalidPayload(message, [{ path, message }]);
  }
}
