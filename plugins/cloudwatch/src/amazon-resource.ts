export interface AmazonResource {
  partition: string;
  service: string;
  region: string;
  account: string;
  /** Everything after the account; it may hold colons. */
  resource: string;
}

/** Reads `arn:partition:service:region:account:resource`; undefined for what is none. */
export function readArn(arn: unknown): AmazonResource | undefined {
  if (typeof arn !== 'string') return undefined;
  const [prefix, partition, service, region, account, ...rest] = arn.split(':');
  if (prefix !== 'arn' || rest.length === 0) return undefined;
  return {
    partition: partition ?? '',
    service: service ?? '',
    region: region ?? '',
    account: account ?? '',
    resource: rest.join(':'),
  };
}

const CONSOLES: Record<string, string> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

/** The alarm's page in the AWS console; undefined when its region is not known. */
export function alarmConsoleUrl(alarm: AmazonResource | undefined, name: string): string | undefined {
  if (alarm === undefined || !/^[a-z]{2}(-[a-z]+)+-\d$/.test(alarm.region)) return undefined;
  const console = Object.hasOwn(CONSOLES, alarm.partition) ? CONSOLES[alarm.partition] : undefined;
  if (console === undefined) return undefined;
  const { region } = alarm;
  return `https://${region}.${console}/cloudwatch/home?region=${region}#alarmsV2:alarm/${encodeURIComponent(toWellFormed(name))}`;
}

/** encodeURIComponent throws on a lone surrogate. */
function toWellFormed(text: string): string {
  return text.replace(/[\ud800-\udfff]/gu, '\ufffd');
}
