// Tries: Starts a thread, which would have no limit.
// Must: refused
export default async () => {
  const { Worker } = await import('node:worker_threads');
  new Worker('0', { eval: true });
};
