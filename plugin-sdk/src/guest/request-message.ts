import type { IngestRequest } from './ingest-request.ts';

type Fields = Record<string, unknown>;

/** The message of a request: its JSON, the fields of its form, or the parameters of its query. */
export function messageOf(request: IngestRequest): unknown {
  if (request.method === 'GET') return queryFields(request);
  const type = request.contentType.toLowerCase();
  if (type.startsWith('application/x-www-form-urlencoded')) return formFields(request);
  // Some senders use POST and put everything into the query.
  if (request.text().trim() === '' && Object.keys(request.query).length > 0) return queryFields(request);
  return request.json();
}

function queryFields(request: IngestRequest): Fields {
  return Object.fromEntries(
    Object.entries(request.query).map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
}

/** A form with one field that holds a JSON object stands for that object (`payload=...`, `data=...`). */
function formFields(request: IngestRequest): unknown {
  const fields = Object.fromEntries(request.form());
  const wrapped = fields.payload ?? fields.data;
  if (wrapped === undefined || !wrapped.trimStart().startsWith('{')) return fields;
  return request.formJson(fields.payload === undefined ? 'data' : 'payload');
}
