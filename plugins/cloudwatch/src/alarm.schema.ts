import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
// "name" and "value" in real messages, "Name" and "Value" in documentation and hand-made ones.
const dimensions = z.array(z.looseObject({})).nullish();

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html */
export const alarmSchema = z.looseObject({
  AlarmName: z.union([z.string(), z.number()]),
  AlarmArn: scalar.optional(),
  AlarmDescription: scalar.optional(),
  AWSAccountId: scalar.optional(),
  Region: scalar.optional(),
  NewStateValue: z.enum(['ALARM', 'OK', 'INSUFFICIENT_DATA']),
  NewStateReason: scalar.optional(),
  OldStateValue: scalar.optional(),
  StateChangeTime: scalar.optional(),
  Trigger: z
    .looseObject({
      MetricName: scalar.optional(),
      Namespace: scalar.optional(),
      Threshold: scalar.optional(),
      ComparisonOperator: scalar.optional(),
      Period: scalar.optional(),
      EvaluationPeriods: scalar.optional(),
      Dimensions: dimensions,
      Metrics: z.array(z.looseObject({})).nullish(),
    })
    .nullish(),
});

export type AlarmMessage = z.infer<typeof alarmSchema>;
