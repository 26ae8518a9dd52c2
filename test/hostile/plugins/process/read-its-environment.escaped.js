// Tries: Reads the environment in which the host was started.
// Must: refused
export default async () => {
  const { readFileSync } = await import('node:fs');
  readFileSync(`/proc/${process.ppid}/environ`);
};
