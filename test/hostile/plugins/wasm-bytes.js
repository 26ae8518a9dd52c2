/** A number in LEB128, unsigned. @param {number} value @returns {number[]} */
export function leb(value) {
  const out = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...out, rest];
    out.push((rest & 0x7f) | 0x80);
  }
}

/**
 * A module by its bytes, for what no assembler would write: it exports a memory and an `ingest` that returns 0.
 *
 * @param {{ code?: Uint8Array, more?: number, body?: number[], tail?: number[] }} parts
 *   code: instructions of one more function; more: how many more functions with `body` (locals and instructions);
 *   tail: bytes behind the last section
 * @returns {Uint8Array}
 */
export function wasm({ code, more = 0, body = [0, 0x0b], tail = [] }) {
  const bodies = [Buffer.from([4, 0, 0x41, 0, 0x0b])];
  if (code !== undefined) bodies.push(Buffer.from(leb(code.length + 2)), Buffer.from([0]), code, Buffer.from([0x0b]));
  const one = Buffer.from([...leb(body.length), ...body]);
  bodies.push(Buffer.concat(new Array(more).fill(one)));
  const count = 1 + (code === undefined ? 0 : 1) + more;
  const types = Buffer.alloc(count, 1);
  types[0] = 0;
  return Buffer.concat([
    Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
    section(1, [2, 0x60, 0, 1, 0x7f, 0x60, 0, 0]),
    section(3, leb(count), types),
    section(5, [1, 0, 1]),
    section(7, [2, 6, ...Buffer.from('memory'), 2, 0, 6, ...Buffer.from('ingest'), 0, 0]),
    section(10, leb(count), ...bodies),
    Buffer.from(tail),
  ]);
}

/** @param {number} id @param {...(number[] | Uint8Array)} parts */
function section(id, ...parts) {
  const contents = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([id, ...leb(contents.length)]), contents]);
}
