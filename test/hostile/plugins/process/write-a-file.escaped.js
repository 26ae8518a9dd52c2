// Tries: Writes a file.
// Must: refused
export default async () => {
  const { writeFileSync } = await import('node:fs');
  writeFileSync(process.argv[1], 'evil');
};
