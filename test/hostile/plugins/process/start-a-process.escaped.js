// Tries: Starts a program.
// Must: refused
export default async () => {
  const { execFileSync } = await import('node:child_process');
  execFileSync('/bin/true');
};
