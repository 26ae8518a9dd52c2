// Tries: Returns an object whose fields change between two looks at them.
// Must: PLUGIN_ERROR, OUTPUT_INVALID, done
export default {
  ingest(request) {
    let looks = 0;
    return {
      get event_action() {
        return looks++ === 0 ? 'trigger' : { toString: () => '__proto__' };
      },
      dedup_key: 'a',
      payload: { summary: 'a', source: 'a', severity: 'info' },
    };
  },
};
