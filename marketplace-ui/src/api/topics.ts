/** The first element of every query key; GET /api/stream names the ones that changed. */
export const topics = [
  'incidents',
  'deliveries',
  'requests',
  'integrations',
  'installations',
  'services',
  'destinations',
] as const;
export type Topic = (typeof topics)[number];

/** What else looks different when a topic changes: counts on rows of another table. */
export const alsoStale: Partial<Record<Topic, readonly Topic[]>> = {
  incidents: ['services'],
  deliveries: ['destinations', 'incidents'],
  requests: ['integrations'],
  integrations: ['services'],
  installations: ['integrations', 'destinations'],
};
