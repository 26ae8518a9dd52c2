// Tries: Reads a file beside the only one that it may read.
// Must: refused
export default async () => {
  const { readFileSync } = await import('node:fs');
  readFileSync(`${process.argv[1]}/../../x`);
};
