// Tries: Lists the root folder.
// Must: refused
export default async () => {
  const { readdirSync } = await import('node:fs');
  readdirSync('/');
};
