// Tries: Opens the inspector on itself.
// Must: refused
export default async () => {
  const inspector = await import('node:inspector');
  inspector.open(0);
};
