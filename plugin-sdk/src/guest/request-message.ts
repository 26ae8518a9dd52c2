import { cloudEventsOf } from './cloud-event.ts';
import { jsonFrom } from './json-depth.ts';
import type { IngestRequest } from './ingest-request.ts';
import { multipartFields } from './multipart-fields.ts';

type Fields = Record<string, unknown>;

const LINES = /^application\/(x-ndjson|ndjson|jsonl|jsonlines|x-jsonlines|json-seq)\s*(;|$)/;

/**
 * The message of a request: its JSON, the fields of its form, or the parameters of its query. One JSON text a line and a
 * batch of CloudEvents give a list; a CloudEvent has its structured form whichever mode it came in. JSON counts as JSON
 * where the content type says form.
 */
export function messageOf(request: IngestRequest): unknown {
  if (request.method === 'GET') return queryFields(request);
  const type = request.contentType.toLowerCase();
  if (type.startsWith('application/x-www-form-urlencoded')) return formFields(request);
  if (type.startsWith('multipart/form-data')) {
    const fields = multipartFields(request.text(), request.contentType);
    if (fields !== undefined) return unwrapped(fields);
  }
  if (LINES.test(type)) return request.lines();
  const cloudEvents = cloudEventsOf(request);
  if (cloudEvents !== undefined) return type.includes('cloudevents-batch') ? cloudEvents : cloudEvents[0];
  // Some senders use POST and put everything into the query.
  if (request.text().trim() === '' && Object.keys(request.query).length > 0) return queryFields(request);
  return request.json();
}

function queryFields(request: IngestRequest): Fields {
  return Object.fromEntries(
    Object.entries(request.query).map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
}

function formFields(request: IngestRequest): unknown {
  const mislabelled = jsonSentAsForm(request.text());
  if (mislabelled !== undefined) return mislabelled;
  const fields = Object.fromEntries(request.form());
  const name = wrappingField(fields);
  return name === undefined ? fields : request.formJson(name);
}

/**
 * Clients that are given a text and no content type say that it is a form, curl for one, and so does Uptime Kuma of a body
 * of one's own. A form's own text has no bare bracket: every writer of forms encodes it.
 */
function jsonSentAsForm(text: string): object | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  const value = jsonFrom(text);
  return typeof value === 'object' && value !== null ? value : undefined;
}

function unwrapped(fields: Record<string, string>): unknown {
  const name = wrappingField(fields);
  return name === undefined ? fields : (jsonFrom(fields[name] ?? '') ?? fields);
}

/** A form with one field that holds a JSON object stands for that object (`payload=...`, `data=...`). */
function wrappingField(fields: Record<string, string>): 'payload' | 'data' | undefined {
  const name = fields.payload === undefined ? 'data' : 'payload';
  return fields[name]?.trimStart().startsWith('{') === true ? name : undefined;
}
