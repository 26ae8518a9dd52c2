// Randomness: ChaCha20 (RFC 8439 section 2.3, nonce zero) over the call's seed, so that a replay draws the same and
// nothing that was drawn tells what comes next. The state is made on the first use in a call, never in the snapshot.
import { seed_read } from './host';
import { RANDOM_BLOCK, RANDOM_KEY, RANDOM_USED } from './words';

export function randomWord(): u32 {
  let used = load<i32>(RANDOM_USED);
  if (used == 0) {
    store<u32>(RANDOM_KEY, 0x61707865);
    store<u32>(RANDOM_KEY + 4, 0x3320646e);
    store<u32>(RANDOM_KEY + 8, 0x79622d32);
    store<u32>(RANDOM_KEY + 12, 0x6b206574);
    seed_read(RANDOM_KEY + 16);
    memory.fill(RANDOM_KEY + 48, 0, 16);
    used = 16;
  }
  if (used == 16) {
    randomBlock();
    used = 0;
  }
  store<i32>(RANDOM_USED, used + 1);
  return load<u32>(RANDOM_BLOCK + used * 4);
}
function randomBlock(): void {
  memory.copy(RANDOM_BLOCK, RANDOM_KEY, 64);
  for (let round = 0; round < 10; round++) {
    quarter(0, 16, 32, 48);
    quarter(4, 20, 36, 52);
    quarter(8, 24, 40, 56);
    quarter(12, 28, 44, 60);
    quarter(0, 20, 40, 60);
    quarter(4, 24, 44, 48);
    quarter(8, 28, 32, 52);
    quarter(12, 16, 36, 56);
  }
  for (let at = 0; at < 64; at += 4)
    store<u32>(RANDOM_BLOCK + at, load<u32>(RANDOM_BLOCK + at) + load<u32>(RANDOM_KEY + at));
  store<u32>(RANDOM_KEY + 48, load<u32>(RANDOM_KEY + 48) + 1);
}
/** The quarter round of section 2.1 over the words at these offsets. */
function quarter(a: i32, b: i32, c: i32, d: i32): void {
  mix(a, b, d, 16);
  mix(c, d, b, 12);
  mix(a, b, d, 8);
  mix(c, d, b, 7);
}
function mix(a: i32, b: i32, d: i32, bits: i32): void {
  const sum = load<u32>(RANDOM_BLOCK + a) + load<u32>(RANDOM_BLOCK + b);
  store<u32>(RANDOM_BLOCK + a, sum);
  store<u32>(RANDOM_BLOCK + d, rotl<u32>(load<u32>(RANDOM_BLOCK + d) ^ sum, bits));
}
