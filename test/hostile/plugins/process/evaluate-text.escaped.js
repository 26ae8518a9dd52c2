// Tries: Makes code of text.
// Must: refused
export default async () => {
  Function('return 1')();
};
