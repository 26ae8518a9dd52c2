import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A receiver of webhooks that keeps what came, by incident. */
export interface WebhookSink {
  readonly url: string;
  /** The ids of the messages that told of an opened incident, in order of arrival; repetitions included. */
  opened(incidentId: string): readonly string[];
  close(): void;
}

interface Message {
  type: string;
  data: { incident: { id: string } };
}

/** Listens on a free port of loopback and answers 204 as soon as a message is read. */
export async function startWebhookSink(): Promise<WebhookSink> {
  const received = new Map<string, string[]>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const message = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Message;
      if (message.type === 'incident.opened') {
        const { id } = message.data.incident;
        received.set(id, [...(received.get(id) ?? []), String(request.headers['webhook-id'])]);
      }
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    opened: (incidentId) => received.get(incidentId) ?? [],
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
