// Imported first by every entry point, so that an old Node is told what to do instead of failing on newer syntax.
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `Patchbay needs Node 20.19 or newer; this is Node ${process.versions.node}.\n` +
      'Install a current Node from https://nodejs.org/ and run the command again.\n',
  );
  process.exit(1);
}
