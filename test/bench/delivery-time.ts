import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { alertBody } from './alert-body.ts';
import { startCopy, type PreparedData } from './prepared-data.ts';
import { quantile } from './spread.ts';

/** Milliseconds from the 202 for an alert to the webhook about its incident, at a sink that answers at once. */
export interface DeliveryTime {
  p50: number;
  p99: number;
}

const ALERTS_PER_SECOND = 20;
const WAIT_MS = 30_000;

export async function measureDelivery(data: PreparedData, alerts: number): Promise<DeliveryTime> {
  const copy = await data.copy();
  const delivered = new Map<string, number>();
  const sink = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      const fingerprint = /bench-\d+-of-delivery/.exec(text)?.[0];
      if (fingerprint !== undefined && !delivered.has(fingerprint)) delivered.set(fingerprint, performance.now());
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
  const host = await startCopy(data, copy, { EGRESS_ALLOW: '127.0.0.0/8' });
  try {
    const { port } = sink.address() as AddressInfo;
    const created = await host.request('/api/webhooks', {
      body: { name: 'Sink', url: `http://127.0.0.1:${port}/hook` },
    });
    if (!created.ok) throw new Error(`The webhook was not created: ${await created.text()}`);
    const accepted = new Map<string, number>();
    for (let i = 0; i < alerts; i++) {
      const fingerprint = `bench-${i}-of-delivery`;
      const answer = await fetch(host.url + data.path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${data.key}` },
        body: alertBody(fingerprint),
      });
      accepted.set(fingerprint, performance.now());
      if (answer.status !== 202) throw new Error(`An alert was answered ${answer.status}: ${await answer.text()}`);
      await answer.arrayBuffer();
      await sleep(1000 / ALERTS_PER_SECOND);
    }
    for (const until = performance.now() + WAIT_MS; delivered.size < alerts; await sleep(20))
      if (performance.now() > until) throw new Error(`${alerts - delivered.size} of ${alerts} were not delivered`);
    const times = [...accepted].map(([fingerprint, at]) => Math.max(0, (delivered.get(fingerprint) ?? 0) - at));
    return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
  } finally {
    await host.stop();
    sink.close();
    await copy.remove();
  }
}
