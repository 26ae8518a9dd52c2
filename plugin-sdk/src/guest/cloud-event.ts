import type { IngestRequest } from './ingest-request.ts';

/** A CloudEvent in its structured form (CloudEvents 1.0), whichever mode it came in; extensions stand beside. */
export interface CloudEvent extends Record<string, unknown> {
  specversion: string;
  id: string;
  source: string;
  type: string;
}

/** True for an object with the four attributes that every CloudEvent has. */
export function isCloudEvent(value: unknown): value is CloudEvent {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['specversion', 'id', 'source', 'type'].every(
      (name) => Object.hasOwn(value, name) && typeof (value as Record<string, unknown>)[name] === 'string',
    )
  );
}

/**
 * The CloudEvents of a request (CloudEvents HTTP protocol binding): one in structured or binary mode, or a batch.
 * Undefined when the request says that it is none.
 */
export function cloudEventsOf(request: IngestRequest): CloudEvent[] | undefined {
  const type = request.contentType.toLowerCase();
  if (type.startsWith('application/cloudevents-batch+json')) {
    const batch = request.json();
    return Array.isArray(batch) ? batch.filter(isCloudEvent).map(withData) : undefined;
  }
  if (type.startsWith('application/cloudevents+json')) {
    const event = request.json();
    return isCloudEvent(event) ? [withData(event)] : undefined;
  }
  if (request.header('ce-specversion') === undefined) return undefined;
  const event: Record<string, unknown> = {};
  for (const name in request.headers)
    if (name.startsWith('ce-')) event[name.slice(3)] = percentDecoded(request.headers[name] ?? '');
  if (request.contentType !== '') event.datacontenttype = request.contentType;
  if (request.text() !== '') event.data = isJson(type) ? request.json() : request.text();
  return isCloudEvent(event) ? [event] : undefined;
}

/** `data_base64` holds bytes; where they are JSON or text, `data` is given too. */
function withData(event: CloudEvent): CloudEvent {
  const { data_base64: packed, datacontenttype: type = 'application/json' } = event;
  if (typeof packed !== 'string' || event.data !== undefined) return event;
  try {
    const text = new TextDecoder().decode(Uint8Array.fromBase64(packed));
    return { ...event, data: isJson(String(type)) ? (JSON.parse(text) as unknown) : text };
  } catch {
    return event;
  }
}

function isJson(type: string): boolean {
  return type === '' || /^[\w.-]+\/([\w.-]+\+)?json\s*(;|$)/i.test(type);
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
