/** A notification in the form that Alertmanager posts to webhooks, with one firing alert of its own fingerprint. */
export function alertmanagerBody(alert: { fingerprint: string; summary: string; severity?: string }): unknown {
  const labels = { alertname: 'Test', severity: alert.severity ?? 'critical', instance: 'db-1' };
  return {
    version: '4',
    groupKey: '{}:{alertname="Test"}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'patchbay',
    groupLabels: { alertname: 'Test' },
    commonLabels: labels,
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example:9093',
    alerts: [
      {
        status: 'firing',
        labels,
        annotations: { summary: alert.summary },
        startsAt: new Date().toISOString(),
        endsAt: '0001-01-01T00:00:00Z',
        generatorURL: 'http://prometheus.example:9090/graph',
        fingerprint: alert.fingerprint,
      },
    ],
  };
}

/** Posts as a sender does. @returns the status */
export async function postAlert(url: string, key: string, body: unknown): Promise<number> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
  });
  await answer.arrayBuffer();
  return answer.status;
}
