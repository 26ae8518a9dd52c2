// Tries: Loops in a getter of the value that it returns, when the SDK reads it.
// Must: RUN_CPU_EXCEEDED
export default {
  ingest(request) {
    return {
      get event_action() {
        for (;;);
      },
    };
  },
};
