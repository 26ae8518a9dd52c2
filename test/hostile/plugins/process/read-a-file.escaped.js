// Tries: Reads a file of the machine.
// Must: refused
export default async () => {
  const { readFileSync } = await import('node:fs');
  readFileSync('/etc/hostname');
};
