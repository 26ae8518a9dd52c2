// Tries: Sends an answer bit by bit that never ends, so that it never is silent.
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
process.stdin.once('data', () => {
  say(Buffer.from([0, 0, 16, 0, 20]));
  setInterval(() => say(Buffer.alloc(1)), 20);
});
