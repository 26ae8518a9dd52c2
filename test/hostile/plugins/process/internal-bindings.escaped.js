// Tries: Takes Node’s own bindings to the system.
// Must: refused
export default async () => {
  process.binding('fs');
};
