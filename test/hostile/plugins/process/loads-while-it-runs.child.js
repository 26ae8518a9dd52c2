// Tries: Says in the middle of a call that a module was loaded, so that nobody looks at its time any more.
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
  say(frame(19, '{"id":1,"cpuMicros":0}'));
  setInterval(() => say(frame(18, '{"module":"none"}')), 20);
});
