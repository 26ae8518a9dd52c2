// Tries: Loops in toJSON, when the SDK writes its result.
// Must: RUN_CPU_EXCEEDED
export default {
  ingest(request) {
    return [
      {
        event_action: 'trigger',
        dedup_key: 'a',
        payload: {
          summary: 'a',
          source: 'a',
          severity: 'info',
          custom_details: {
            toJSON() {
              for (;;);
            },
          },
        },
      },
    ];
  },
};
