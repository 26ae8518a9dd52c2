import { defineIntegration, delivered, PatchbayError, type DeliverContext } from '@patchbay/plugin-sdk';

/** Does what ends in the error of this name. A test runs every one of them. */
const causes: Record<string, (context: DeliverContext<unknown>) => unknown> = {
  // A plugin can catch these.
  CONFLICT: ({ store }) => store.set('key', 1, { ifVersion: 7 }),
  EGRESS_FAILED: () => fetch('https://api.example.com/down'),
  OUTCOME_UNKNOWN: () => fetch('https://api.example.com/lost', { method: 'POST' }),
  REQUEST_REFUSED: ({ store }) => store.get(''),
  STORE_VALUE_TOO_LARGE: ({ store }) => store.set('key', 'x'.repeat(70_000)),
  async STORE_FULL({ store }) {
    for (let number = 0; number < 40; number++) await store.set(`key-${number}`, 'x'.repeat(60_000));
  },
  async REQUESTS_EXCEEDED() {
    for (let number = 0; number < 60; number++) await fetch('https://api.example.com/ok');
  },
  // These end the call.
  async ASKS_EXCEEDED({ store }) {
    await Promise.all(Array.from({ length: 600 }, (_, number) => store.get(`key-${number}`)));
  },
  LOG_BYTES_EXCEEDED({ log }) {
    for (let line = 0; line < 20; line++) log.info('x'.repeat(8000));
  },
  LOG_LINES_EXCEEDED({ log }) {
    for (let line = 0; line < 2000; line++) log.info('again');
  },
  OUTPUT_INVALID: () => ({ outcome: 'done' }),
  OUTPUT_TOO_LARGE: () => ({ outcome: 'delivered', note: 'x'.repeat(2_000_000) }),
  PLUGIN_ERROR() {
    throw new TypeError('a mistake');
  },
  RUN_CPU_EXCEEDED() {
    for (;;);
  },
  STALLED: () => new Promise(() => undefined),
};

export default defineIntegration<unknown>({
  async deliver({ incident }, context) {
    try {
      const result = await causes[incident.summary]?.(context);
      return result as never;
    } catch (error) {
      if (error instanceof PatchbayError) return delivered({ note: error.code });
      throw error;
    }
  },
});
