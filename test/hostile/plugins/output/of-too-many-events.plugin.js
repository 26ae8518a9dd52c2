// Tries: Makes 100,000 events of one request.
// Must: OUTPUT_TOO_LARGE, OUTPUT_INVALID, PLUGIN_ERROR, done, RUN_CPU_EXCEEDED, CALL_CPU_EXCEEDED
export default {
  ingest(request) {
    return Array.from({ length: 100_000 }, (_, i) => ({
      event_action: 'trigger',
      dedup_key: `k${i}`,
      payload: { summary: 'a', source: 'a', severity: 'info' },
    }));
  },
};
