import { request } from 'node:https';

/** `fetch` over TLS that trusts one certificate more; for servers of tests, which sign their own. */
export function fetchTrusting(
  certificate: string,
  url: string,
  { method, headers, body }: { method: string; headers: Readonly<Record<string, string>>; body: string | null },
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, ca: certificate, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const received = new Headers();
        for (const [name, value] of Object.entries(response.headers))
          for (const one of Array.isArray(value) ? value : [value ?? '']) received.append(name, one);
        const status = response.statusCode ?? 0;
        const isEmpty = status === 204 || status === 304;
        resolve(new Response(isEmpty ? null : Buffer.concat(chunks), { status, headers: received }));
      });
    });
    sent.once('error', reject);
    sent.end(body ?? undefined);
  });
}
