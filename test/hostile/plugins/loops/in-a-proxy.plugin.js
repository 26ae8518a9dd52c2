// Tries: Returns a proxy whose traps never come back.
// Must: RUN_CPU_EXCEEDED
export default {
  ingest(request) {
    return new Proxy(
      {},
      {
        get() {
          for (;;);
        },
        ownKeys() {
          for (;;);
        },
      },
    );
  },
};
