// Tries: Has a call ask under a number that is not its next, with what is not JSON.
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
const ask = `{"number":7,"kind":"http","digest":"${'ab'.repeat(32)}","blocking":false,"request":"no JSON"}`;
process.stdin.once('data', () => {
  say(frame(19, '{"id":1,"cpuMicros":0}'));
  say(frame(20, `{"id":1,"cpuMicros":1,"memoryBytes":1,"status":"open","asks":[${ask}],"waitingFor":[7]}`));
});
