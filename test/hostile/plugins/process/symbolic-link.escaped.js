// Tries: Makes a symbolic link to what it may not read.
// Must: refused
export default async () => {
  const { symlinkSync } = await import('node:fs');
  symlinkSync('/etc/passwd', `${process.argv[1]}.link`);
};
