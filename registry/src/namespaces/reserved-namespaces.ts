/** Ours: the registry's own policies publish there. */
const own = ['patchbay'];

/** Names that would be taken for those who run things. */
const offices = ['admin', 'api', 'official', 'registry', 'root', 'security', 'support', 'system', 'test', 'www'];

/** Names of vendors whose products first-party plugins connect: theirs to claim, and nobody else's. */
const vendors = [
  ...['alertmanager', 'amazon', 'appdynamics', 'apple', 'atlassian', 'aws', 'azure', 'better-stack', 'better-uptime'],
  ...['bitbucket', 'circleci', 'cisco', 'cloudflare', 'cloudwatch', 'confluence', 'datadog', 'discord', 'docker'],
  ...['dockerhub', 'dynatrace', 'elastic', 'github', 'gitlab', 'google', 'google-cloud', 'google-cloud-monitoring'],
  ...[
    'grafana',
    'honeycomb',
    'jenkins',
    'jira',
    'kubernetes',
    'meta',
    'microsoft',
    'newrelic',
    'new-relic',
    'opsgenie',
  ],
  ...['pagerduty', 'paypal', 'pingdom', 'prometheus', 'sendgrid', 'sentry', 'shopify', 'slack', 'splunk'],
  ...['splunk-observability', 'splunk-oncall', 'statuspage', 'stripe', 'supabase', 'travis', 'twilio', 'uptime-kuma'],
  ...['uptimerobot', 'vercel', 'victorops'],
];

const reserved: ReadonlySet<string> = new Set([...own, ...offices, ...vendors]);

/** Names that only an admin of the registry gives to somebody. */
export function isReserved(namespace: string): boolean {
  return reserved.has(namespace);
}

/** Names that nobody is given. */
export function isOurs(namespace: string): boolean {
  return own.includes(namespace);
}
