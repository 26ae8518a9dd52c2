/** What Grafana posts for a group of firing alerts, each with the labels, values and addresses that it really has. */
export function grafanaBody(alerts: number): object {
  return {
    receiver: 'patchbay',
    status: 'firing',
    orgId: 1,
    alerts: Array.from({ length: alerts }, (_, index) => ({
      status: 'firing',
      labels: {
        alertname: 'HighLatency',
        grafana_folder: 'Shop',
        instance: `shop-${index}`,
        job: 'checkout',
        severity: 'critical',
        team: 'shop',
      },
      annotations: {
        description: `The 99th percentile of checkout on shop-${index} has been above two seconds for five minutes.`,
        runbook_url: 'https://runbooks.example/latency',
        summary: `Checkout answers slowly on shop-${index}`,
      },
      startsAt: '2026-03-01T10:00:00Z',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'https://grafana.example/alerting/grafana/ee8m1/view?orgId=1',
      fingerprint: `c6eadffa33f${String(index).padStart(5, '0')}`,
      silenceURL: `https://grafana.example/alerting/silence/new?alertmanager=grafana&matcher=instance%3Dshop-${index}&orgId=1`,
      dashboardURL: 'https://grafana.example/d/shop?orgId=1',
      panelURL: 'https://grafana.example/d/shop?orgId=1&viewPanel=4',
      values: { A: 2.31, B: 1 },
      valueString: `[ var='A' labels={instance=shop-${index}} value=2.31 ], [ var='B' labels={instance=shop-${index}} value=1 ]`,
      orgId: 1,
    })),
    groupLabels: { alertname: 'HighLatency' },
    commonLabels: { alertname: 'HighLatency', job: 'checkout', severity: 'critical' },
    commonAnnotations: { runbook_url: 'https://runbooks.example/latency' },
    externalURL: 'https://grafana.example/',
    version: '1',
    groupKey: '{}/{team="shop"}:{alertname="HighLatency"}',
    truncatedAlerts: 0,
    title: `[FIRING:${alerts}] HighLatency (checkout critical)`,
    state: 'alerting',
    message: '**Firing**',
  };
}
