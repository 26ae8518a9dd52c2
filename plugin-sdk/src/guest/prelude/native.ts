/**
 * The functions that the engine's glue gives to the prelude; one letter each, because the glue tells them apart by
 * it. A plugin never sees this object. Functions of a capability that was not granted are absent.
 */
export interface Native {
  /** The input envelope, parsed. */
  i(): unknown;
  /** The input envelope as text. */
  I(): string;
  /** Writes the output envelope. */
  o(text: string): void;
  /** Reports an uncaught error. */
  e(text: string): void;
  /** Writes a line of the log. */
  l(level: number, text: string): void;
  /** Milliseconds since the epoch, with fractions. */
  n(): number;
  /** The next 32 random bits, drawn from the call's seed. */
  r(): number;
  /** UTF-8 bytes of a well-formed text. */
  u(text: string): Uint8Array<ArrayBuffer>;
  /** Text from UTF-8; invalid bytes become U+FFFD. */
  d(buffer: ArrayBufferLike, offset: number, length: number): string;
  /** Asks give the number of the ask; the upper-case ones block and give the answer. */
  h?(request: string): number;
  H?(request: string): unknown;
  t?(request: string): number;
  T?(request: string): unknown;
  m?(request: string): number;
  c?(request: string): number;
}
