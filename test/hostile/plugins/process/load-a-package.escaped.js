// Tries: Loads a package of the host.
// Must: refused
export default async () => {
  const { createRequire } = await import('node:module');
  createRequire(process.argv[1])('zod');
};
