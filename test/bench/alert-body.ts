/** autocannon puts an id that is new for each request in its place. */
const ID_PLACE = '[<id>]';

/** What Alertmanager posts for one firing alert (webhook version 4); every fingerprint is an incident of its own. */
export function alertBody(fingerprint: string = ID_PLACE): string {
  return JSON.stringify({
    version: '4',
    groupKey: '{}/{team="shop"}:{alertname="HighLatency"}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'patchbay',
    groupLabels: { alertname: 'HighLatency' },
    commonLabels: { alertname: 'HighLatency', job: 'checkout', severity: 'critical' },
    commonAnnotations: { summary: 'Checkout answers slowly on shop-1' },
    externalURL: 'http://alertmanager.example:9093',
    alerts: [
      {
        status: 'firing',
        labels: { alertname: 'HighLatency', instance: 'shop-1', job: 'checkout', severity: 'critical' },
        annotations: {
          summary: 'Checkout answers slowly on shop-1',
          runbook_url: 'https://runbooks.example/latency',
        },
        startsAt: '2026-03-01T10:00:00.000Z',
        endsAt: '0001-01-01T00:00:00Z',
        generatorURL: 'http://prometheus.example:9090/graph?g0.expr=latency',
        fingerprint,
      },
    ],
  });
}
