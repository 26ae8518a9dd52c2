// Tries: Loads native code.
// Must: refused
export default async () => {
  process.dlopen({ exports: {} }, '/usr/lib/x86_64-linux-gnu/libc.so.6');
};
