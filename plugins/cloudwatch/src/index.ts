import { defineIntegration, fitOutput, ignored, invalid, jsonFrom, textOf } from '@patchbay/plugin-sdk';
import type { IngestRequest } from '@patchbay/plugin-sdk';
import { isAlarm, isAlarmAction, isEventBridge, isNotice, isObject, readMessage, readObject } from './read-message.ts';
import type { Envelope, Parse, Reading } from './reading.ts';
import { readSettings } from './settings.ts';
import { lambdaSchema, snsSchema } from './sns.schema.ts';
import type { SnsMessage } from './sns.schema.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const settings = readSettings(configuration);
    const parse: Parse = (schema, value) => request.parse(schema, value);
    const readings = (): Reading[] | undefined => {
      const text = request.text();
      const body = jsonFrom(text);
      // SNS names itself in its headers, so a raw message of any kind can be told from a stranger's JSON.
      const isRawDelivery = request.header('x-amz-sns-rawdelivery') !== undefined;
      if (!isObject(body)) return isRawDelivery ? readMessage(text, rawEnvelope(request), parse, settings) : undefined;
      if (isRawDelivery) return readObject(body, rawEnvelope(request), parse, settings);
      if (hasStorageRecords(body)) return readObject(body, rawEnvelope(request), parse, settings);
      const queued = queuedBodies(body);
      if (queued !== undefined) return queued.flatMap(readQueued);
      if ('Records' in body) return parse(lambdaSchema, body).Records.flatMap(({ Sns }) => readSns(Sns));
      if ('Type' in body && !isAlarm(body)) return readSns(parse(snsSchema, body));
      return isAlarm(body) || isAlarmAction(body) || isEventBridge(body) || isNotice(body)
        ? readObject(body, rawEnvelope(request), parse, settings)
        : undefined;
    };
    const readSns = (sns: SnsMessage): Reading[] => {
      if (sns.Type !== 'Notification') return [{ ignored: HANDSHAKES[sns.Type] }];
      return typeof sns.Message === 'string'
        ? readMessage(sns.Message, envelopeOf(sns), parse, settings)
        : readObject(sns.Message, envelopeOf(sns), parse, settings);
    };

    /** A queue that subscribed to the topic holds what SNS wrote, with its envelope or without. */
    const readQueued = (text: string): Reading[] => {
      const body = jsonFrom(text);
      return isObject(body) && 'Type' in body && !isAlarm(body)
        ? readSns(parse(snsSchema, body))
        : readMessage(text, {}, parse, settings);
    };

    const found = readings();
    if (found === undefined)
      return invalid('This is no message of Amazon SNS, no CloudWatch alarm and no EventBridge event');
    const events = found.flatMap((reading) => ('ignored' in reading ? [] : [reading]));
    if (events.length > 0) return fitOutput(events, request.text().length);
    const reasons = found.flatMap((reading) => ('ignored' in reading ? [reading.ignored] : []));
    return ignored(reasons.length === 0 ? 'The message holds no records' : reasons.join('; ').slice(0, 512));
  },
});

const HANDSHAKES = {
  SubscriptionConfirmation: 'SNS asks to confirm the subscription; Patchbay confirms it by itself',
  UnsubscribeConfirmation: 'SNS says that the subscription was ended',
} as const;

/** The bodies of a batch of SQS, as a pipe or a function passes it on. */
function queuedBodies(body: Record<string, unknown>): string[] | undefined {
  const records: unknown[] = Array.isArray(body.Records) ? (body.Records as unknown[]) : [];
  const bodies = records.flatMap((record) =>
    isObject(record) && typeof record.body === 'string' ? [record.body] : [],
  );
  return bodies.length === 0 ? undefined : bodies;
}

/** Lambda and S3 call their lists the same. */
function hasStorageRecords(body: Record<string, unknown>): boolean {
  const [first]: unknown[] = Array.isArray(body.Records) ? (body.Records as unknown[]) : [];
  return isObject(first) && 's3' in first;
}

function envelopeOf(sns: SnsMessage): Envelope {
  return envelope(sns.MessageId, sns.TopicArn, sns.Subject, sns.Timestamp);
}

function rawEnvelope(request: IngestRequest): Envelope {
  return envelope(request.header('x-amz-sns-message-id'), request.header('x-amz-sns-topic-arn'), undefined, undefined);
}

function envelope(messageId: unknown, topicArn: unknown, subject: unknown, timestamp: unknown): Envelope {
  const found = {
    messageId: textOf(messageId),
    topicArn: textOf(topicArn),
    subject: textOf(subject),
    timestamp: textOf(timestamp),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}
