import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
export const snsSchema = z.looseObject({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: scalar.optional(),
  TopicArn: scalar.optional(),
  Subject: scalar.optional(),
  // Text; an object where something between SNS and us has read it already.
  Message: z.union([z.string(), z.looseObject({})]),
  Timestamp: scalar.optional(),
});

/** What a Lambda function gets and forwards: https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
export const lambdaSchema = z.looseObject({
  Records: z.array(z.looseObject({ Sns: snsSchema })),
});

export type SnsMessage = z.infer<typeof snsSchema>;
