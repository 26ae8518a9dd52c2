import { httpAskSchema, type AskAnswer, type AskKind, type HttpAsk } from '@patchbay/plugin-sdk/contract/journal';
import { isSecretName } from '@patchbay/plugin-sdk/contract/secret-name';
import { redactBody } from '../integrations/redaction/redact-body.ts';
import { REDACTED, redactShapes } from '../integrations/redaction/secret-shapes.ts';

/** Takes secrets out of the parts of a call, by their names and their looks, and remembers where. */
export class CallRedaction {
  /** Paths of what was changed. */
  readonly places: string[] = [];

  /** @param name under which the value stands */
  value(place: string, value: unknown, name = ''): unknown {
    if (value === null || value === undefined || typeof value === 'boolean') return value;
    if (isSecretName(name) && value !== '') return this.#changed(place, REDACTED);
    if (typeof value === 'string') return this.#text(place, value, redactBody(value, ''));
    if (typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map((entry, index) => this.value(`${place}.${index}`, entry));
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [key, this.value(`${place}.${key}`, entry, key)]),
    );
  }

  /** The text of a request, as JSON. The name of a secret is none. */
  request(place: string, kind: AskKind, text: string): string {
    const asked: unknown = JSON.parse(text);
    const http = kind === 'http' ? httpAskSchema.safeParse(asked) : undefined;
    // One that has no shape was never sent.
    if (http?.success !== true) return JSON.stringify(this.value(place, asked));
    const { credential, url, body, ...others } = http.data;
    return JSON.stringify({
      ...(this.value(place, others) as object),
      credential,
      url: this.#text(`${place}.url`, url, redactShapes(url)),
      body: this.#body(`${place}.body`, body, contentTypeOf(others.headers)),
    });
  }

  answer(place: string, kind: AskKind, answer: AskAnswer): AskAnswer {
    if ('error' in answer) {
      const { code, message } = answer.error;
      return { error: { code, message: this.#text(`${place}.error`, message, redactShapes(message)) } };
    }
    const ok = answer.ok as { headers?: Record<string, string>; body?: HttpAsk['body'] } | null;
    if (kind !== 'http' || typeof ok !== 'object' || ok === null)
      return { ok: this.value(`${place}.ok`, answer.ok) ?? null };
    const { body = null, ...others } = ok;
    const shown = this.value(`${place}.ok`, others) as object;
    return { ok: { ...shown, body: this.#body(`${place}.ok.body`, body, contentTypeOf(ok.headers ?? {})) } };
  }

  #body(place: string, body: HttpAsk['body'], contentType: string): HttpAsk['body'] {
    if (body === null) return null;
    if ('text' in body) return { text: this.#text(place, body.text, redactBody(body.text, contentType)) };
    // Every byte is a character of Latin-1 and the other way round; names and secrets are ASCII.
    const text = Buffer.from(body.base64, 'base64').toString('latin1');
    const clean = this.#text(place, text, redactBody(text, contentType));
    return clean === text ? body : { base64: Buffer.from(clean, 'latin1').toString('base64') };
  }

  #text(place: string, text: string, clean: string): string {
    return clean === text ? text : this.#changed(place, clean);
  }

  #changed(place: string, clean: string): string {
    this.places.push(place);
    return clean;
  }
}

function contentTypeOf(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
}
