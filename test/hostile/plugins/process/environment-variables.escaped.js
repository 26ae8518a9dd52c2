// Tries: Looks for keys in its environment.
// Must: refused
export default async () => {
  if (Object.keys(process.env).length === 0) throw new Error('nothing there');
};
