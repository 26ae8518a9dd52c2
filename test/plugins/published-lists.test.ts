import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEgress, type Egress } from '@patchbay/host/egress/egress';
import { createFetchPinned } from '@patchbay/host/egress/fetch-pinned';
import { readRanges } from '@patchbay/host/ingest/published-ranges/read-ranges';
import { ingestPlugins, pluginManifest } from './plugin-run.ts';

const atlassian = JSON.stringify({
  creationDate: '2026-03-01T00:00:00.000000',
  syncToken: 1772323200,
  items: [
    ...['bitbucket', 'confluence', 'jira', 'opsgenie', 'statuspage'].map((product, index) => ({
      network: `192.0.2.${index * 16}`,
      mask_len: 28,
      cidr: `192.0.2.${index * 16}/28`,
      mask: '255.255.255.240',
      region: ['global'],
      product: ['trello', product],
      direction: ['ingress', 'egress'],
      perimeter: 'commercial',
    })),
    { cidr: '198.51.100.0/24', region: ['global'], product: ['jira', 'opsgenie'], direction: ['ingress'] },
  ],
});
const datadog = JSON.stringify({
  version: 1,
  modified: '2026-03-01-00-00-00',
  agents: { prefixes_ipv4: ['203.0.113.0/24'], prefixes_ipv6: [] },
  webhooks: { prefixes_ipv4: ['192.0.2.1/32'], prefixes_ipv6: ['2001:db8::/48'] },
});

/** What each vendor answers, in the form that its documentation shows: by host, and by path where a host has several. */
const ANSWERS: Record<string, string> = {
  'api.github.com/meta': JSON.stringify({
    verifiable_password_authentication: false,
    ssh_keys: ['ssh-ed25519 AAAA'],
    hooks: ['192.0.2.0/22', '2001:db8::/32'],
    web: ['203.0.113.0/24'],
  }),
  'stripe.com/files/ips/ips_webhooks.json': JSON.stringify({ WEBHOOKS: ['192.0.2.7', '192.0.2.8'] }),
  'ip-ranges.atlassian.com/': atlassian,
  'ip-ranges.datadoghq.com/': datadog,
  'ip-ranges.us3.datadoghq.com/': datadog,
  'ip-ranges.us5.datadoghq.com/': datadog,
  'ip-ranges.datadoghq.eu/': datadog,
  'ip-ranges.ap1.datadoghq.com/': datadog,
  'ip-ranges.ap2.datadoghq.com/': datadog,
  'developer.pagerduty.com/ip-safelists/webhooks-us-service-region': '192.0.2.21\n192.0.2.22\n',
  'developer.pagerduty.com/ip-safelists/webhooks-eu-service-region': '192.0.2.31\n192.0.2.32',
};
const EXPECTED: Record<string, string[]> = {
  github: ['192.0.2.0/22', '2001:db8::/32'],
  stripe: ['192.0.2.7', '192.0.2.8'],
  datadog: ['192.0.2.1/32', '2001:db8::/48'],
  bitbucket: ['192.0.2.0/28'],
  confluence: ['192.0.2.16/28'],
  jira: ['192.0.2.32/28'],
  opsgenie: ['192.0.2.48/28'],
  statuspage: ['192.0.2.64/28'],
  pagerduty: ['192.0.2.21', '192.0.2.22', '192.0.2.31', '192.0.2.32'],
};

let vendors: Server;
let egress: Egress;

beforeAll(async () => {
  vendors = createServer((request, response) => {
    const answer = ANSWERS[(request.url ?? '').slice(1)];
    response.writeHead(answer === undefined ? 404 : 200).end(answer ?? '');
  });
  await new Promise<void>((resolve) => vendors.listen(0, '127.0.0.1', resolve));
  egress = createEgress({ allow: ['127.0.0.0/8'] });
});
afterAll(async () => {
  await egress.close();
  vendors.closeAllConnections();
  await new Promise((resolve) => vendors.close(resolve));
});

it('every plugin reads the lists of its vendor in the form that the vendor documents', async () => {
  const fetchList = createFetchPinned(egress);
  const { port } = vendors.address() as AddressInfo;
  const found: Record<string, string[]> = {};
  for (const name of ingestPlugins()) {
    const addresses = new Set<string>();
    for (const source of pluginManifest(name).publishedRanges ?? []) {
      const { status, body } = await fetchList(source.url.replace('https://', `http://127.0.0.1:${port}/`));
      expect(status, source.url).toBe(200);
      for (const address of readRanges(source, body)) addresses.add(address);
    }
    if (addresses.size > 0) found[name] = [...addresses];
  }
  expect(found).toEqual(EXPECTED);
});
