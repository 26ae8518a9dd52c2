// Tries: Doubles a text without end.
// Must: MEMORY_EXCEEDED, PLUGIN_ERROR, RUN_CPU_EXCEEDED
export default {
  ingest(request) {
    const all = [];
    for (let text = 'x'.repeat(1000); ;) all.push((text += `${all.length}`).repeat(100));
  },
};
