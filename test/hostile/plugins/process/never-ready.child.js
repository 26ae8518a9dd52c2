// Tries: Starts and never says so.
// Must: SANDBOX_UNAVAILABLE
const frame = (type, header) => {
  const bytes = Buffer.alloc(9 + header.length);
  bytes.writeUInt32LE(5 + header.length, 0);
  bytes[4] = type;
  bytes.writeUInt32LE(header.length, 5);
  bytes.write(header, 9);
  return bytes;
};
const say = (...parts) => process.stdout.write(Buffer.concat(parts));

process.stdin.resume();
