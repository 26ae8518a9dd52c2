/** What stands against the bytes, with the name of the rule. */
export class Refused extends Error {
  readonly rule: string;
  constructor(rule: string, message: string) {
    super(message);
    this.rule = rule;
  }
}

/** Reads numbers and names from a range of bytes; refuses to read past its end. */
export class ByteReader {
  at: number;
  readonly end: number;
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  byte(): number {
    const byte = this.bytes[this.at];
    if (this.at >= this.end || byte === undefined)
      throw new Refused('format', `The module ends early at byte ${this.at}.`);
    this.at += 1;
    return byte;
  }

  /** LEB128, unsigned, at most 32 bits. */
  u32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (value > 0xffff_ffff) break;
        return value;
      }
    }
    throw new Refused('format', `A number at byte ${this.at} has more than 32 bits.`);
  }

  /** LEB128, signed, 32 bits. */
  i32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte >= 0x80) continue;
      return shift < 25 && byte & 0x40 ? value | (-1 << (shift + 7)) : value;
    }
    throw new Refused('format', `A number at byte ${this.at} has more than 32 bits.`);
  }

  /** Skips a signed LEB128 of at most `bits` bits. */
  skipSigned(bits: number): void {
    for (let shift = 0; shift < bits; shift += 7) if (this.byte() < 0x80) return;
    throw new Refused('format', `A number at byte ${this.at} has more than ${bits} bits.`);
  }

  skip(count: number): void {
    if (count > this.end - this.at) throw new Refused('format', `The module ends early at byte ${this.at}.`);
    this.at += count;
  }

  take(count: number): Uint8Array {
    const start = this.at;
    this.skip(count);
    return this.bytes.subarray(start, this.at);
  }

  name(): string {
    const bytes = this.take(this.u32());
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw new Refused('format', `A name before byte ${this.at} is not UTF-8.`);
    }
  }
}
