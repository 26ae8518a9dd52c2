// Tries: Mounts the file system by WASI.
// Must: refused
export default async () => {
  const { WASI } = await import('node:wasi');
  new WASI({ version: 'preview1', preopens: { '/': '/' } });
};
