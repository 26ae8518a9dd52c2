import type { EventRule } from '@patchbay/plugin-sdk/contract/event-rules';

/** Rules that people start from. */
export const ruleExamples: readonly EventRule[] = [
  {
    name: 'No alerts of staging',
    when: 'event.custom_details.?labels.?env.orValue("") == "staging"',
    then: { action: 'drop' },
  },
  {
    name: 'Quiet at night',
    when: 'event.severity == "warning" && request.received_at.getHours("+01:00") < 7',
    then: { action: 'set', changes: [{ field: 'severity', value: 'info' }] },
  },
  {
    name: 'Full disks are critical',
    when: 'event.summary.contains("Disk") && has(event.custom_details.used) && event.custom_details.used > 90',
    then: {
      action: 'set',
      changes: [
        { field: 'severity', value: 'critical' },
        { field: 'summary', expression: '"Disk full: " + event.source' },
      ],
    },
  },
  {
    name: 'One incident for each host',
    when: 'event.source != ""',
    then: { action: 'set', changes: [{ field: 'dedup_key', expression: '"host/" + event.source' }] },
  },
];
