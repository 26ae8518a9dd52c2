// Tries: Announces a frame of two gigabytes.
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

say(frame(16, '{}'));
process.stdin.once('data', () => say(Buffer.from([255, 255, 255, 127, 20])));
