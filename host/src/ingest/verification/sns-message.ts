/**
 * The signed envelope of Amazon SNS (Amazon SNS Developer Guide, "Verifying the signatures of Amazon SNS messages").
 * A bounded, strict reader of just the parts that are signed; everything else of the body is left to the plugin.
 */
export interface SnsMessage {
  readonly type: 'Notification' | 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';
  readonly messageId: string;
  readonly topicArn: string;
  readonly signatureVersion: '1' | '2';
  readonly signature: Buffer;
  readonly signingCertUrl: string;
  readonly subscribeUrl: string | null;
  /** The text that was signed: name and value lines in the documented order. */
  readonly signedText: string;
}

const NOTIFICATION = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'];
const CONFIRMATION = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
const MAX_BYTES = 512 * 1024;
const HOST = 'sns\\.([a-z0-9-]{3,32})\\.amazonaws\\.com(?:\\.cn)?';
const CERT_URL = new RegExp(`^https://${HOST}/[A-Za-z0-9_.-]{1,128}\\.pem$`);
const SUBSCRIBE_URL = new RegExp(`^https://${HOST}/\\?[A-Za-z0-9_.~%&=:+-]{1,2048}$`);
const TOPIC_ARN = /^arn:aws[a-z-]*:sns:([a-z0-9-]{3,32}):\d{12}:[A-Za-z0-9_.-]{1,256}$/;

/** Null when the body is not such an envelope at all; a text says why one is refused. */
export function readSnsMessage(body: Buffer): SnsMessage | string | null {
  if (body.length > MAX_BYTES || body[0] === undefined) return null;
  let fields: Record<string, unknown>;
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    fields = value as Record<string, unknown>;
  } catch {
    return null;
  }
  const text = (name: string): string | null => {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return typeof value === 'string' ? value : null;
  };
  const type = text('Type');
  const signature = text('Signature');
  if (signature === null || text('SignatureVersion') === null || type === null) return null;
  if (type !== 'Notification' && type !== 'SubscriptionConfirmation' && type !== 'UnsubscribeConfirmation')
    return 'The message has an unknown Type.';

  const version = text('SignatureVersion');
  if (version !== '1' && version !== '2') return 'The message has an unknown SignatureVersion.';
  const signingCertUrl = text('SigningCertURL') ?? text('SigningCertUrl');
  if (signingCertUrl === null || !CERT_URL.test(signingCertUrl))
    return 'The certificate is not on a host of Amazon SNS.';
  const topicArn = text('TopicArn');
  const region = topicArn === null ? null : TOPIC_ARN.exec(topicArn)?.[1];
  if (topicArn === null || region === undefined || region === null) return 'TopicArn is missing or malformed.';
  if (CERT_URL.exec(signingCertUrl)?.[1] !== region) return 'Certificate and topic are of different regions.';

  let signedText = '';
  for (const name of type === 'Notification' ? NOTIFICATION : CONFIRMATION) {
    const value = text(name);
    if (value === null) {
      if (name === 'Subject') continue;
      return `${name} is missing.`;
    }
    signedText += `${name}\n${value}\n`;
  }
  return {
    type,
    messageId: text('MessageId') ?? '',
    topicArn,
    signatureVersion: version,
    signature: Buffer.from(signature, 'base64'),
    signingCertUrl,
    subscribeUrl: subscribeUrl(text('SubscribeURL'), text('Token'), topicArn, region),
    signedText,
  };
}

/** Only a confirmation of this very topic, on the SNS host of its region. */
function subscribeUrl(url: string | null, token: string | null, topicArn: string, region: string): string | null {
  if (url === null || token === null || SUBSCRIBE_URL.exec(url)?.[1] !== region) return null;
  const { searchParams } = new URL(url);
  const fits =
    searchParams.get('Action') === 'ConfirmSubscription' &&
    searchParams.get('TopicArn') === topicArn &&
    searchParams.get('Token') === token;
  return fits ? url : null;
}
