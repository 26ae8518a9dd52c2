import type { EventPayload } from '@patchbay/plugin-sdk/contract/event-payload';

/** An event to begin with, for who has no request yet, and for asking the host whether a rule can be read. */
export const sampleEvent = {
  event_action: 'trigger',
  dedup_key: 'disk-db-1',
  payload: {
    summary: 'Disk of db-1 is 91 % full',
    source: 'db-1',
    severity: 'warning',
    component: 'database',
    custom_details: { used: 91, labels: { env: 'staging', team: 'shop' } },
  },
} satisfies EventPayload;
