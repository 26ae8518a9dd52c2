// Tries: Puts NUL and halves of characters into an event, which would fail a batch of others in the database.
// Must: done, OUTPUT_INVALID, PLUGIN_ERROR
export default {
  ingest(request) {
    return {
      event_action: 'trigger',
      dedup_key: 'a\0b\ud800',
      payload: { summary: '\udfff\0', source: '\0', severity: 'info', custom_details: { '\0': '\ud800' } },
    };
  },
};
