import { encodeSets, percentDecode, percentEncode } from './percent-encoding.ts';
import { labelToAscii } from './punycode.ts';

/** Host parsing and serialising of the URL standard (url.spec.whatwg.org, section 3.5). */
const FORBIDDEN = /[\u0000-\u0020"#%/:<>?@[\\\]^`{|}\u007f]/;
const FORBIDDEN_OPAQUE = /[\u0000\t\n\r #/:<>?@[\\\]^|]/;

/** The serialised host; throws TypeError when it is none. */
export function parseHost(input: string, special: boolean): string {
  if (input.startsWith('[')) {
    if (!input.endsWith(']')) throw new TypeError('Invalid URL: unclosed IPv6 address');
    return `[${serializeIpv6(parseIpv6(input.slice(1, -1)))}]`;
  }
  if (!special) {
    if (FORBIDDEN_OPAQUE.test(input)) throw new TypeError(`Invalid URL: host "${input}"`);
    return percentEncode(input, encodeSets.control);
  }
  const ascii = percentDecode(input)
    .replace(/[\u3002\uff0e\uff61]/g, '.')
    .replaceAll('\u00ad', '')
    .split('.')
    .map(labelToAscii)
    .join('.');
  if (ascii === '' || FORBIDDEN.test(ascii)) throw new TypeError(`Invalid URL: host "${input}"`);
  return endsInNumber(ascii) ? parseIpv4(ascii) : ascii;
}

function endsInNumber(host: string): boolean {
  const labels = host.split('.');
  if (labels.at(-1) === '') labels.pop();
  const last = labels.at(-1) ?? '';
  return /^\d+$/.test(last) || /^0x[0-9a-f]*$/.test(last);
}

function parseIpv4(host: string): string {
  const labels = host.split('.');
  if (labels.at(-1) === '' && labels.length > 1) labels.pop();
  const numbers = labels.map(ipv4Number);
  const last = numbers.pop() as number;
  const bad = numbers.length > 3 || numbers.some((number) => number > 255) || last >= 256 ** (4 - numbers.length);
  if (bad || Number.isNaN(last) || numbers.some(Number.isNaN)) throw new TypeError(`Invalid URL: address "${host}"`);
  const value = numbers.reduce((sum, number, position) => sum + number * 256 ** (3 - position), last);
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

function ipv4Number(label: string): number {
  if (/^0x[0-9a-f]*$/.test(label)) return label === '0x' ? 0 : Number.parseInt(label.slice(2), 16);
  if (/^0[0-7]*$/.test(label)) return Number.parseInt(label, 8);
  return /^[1-9]\d*$/.test(label) ? Number(label) : Number.NaN;
}

function parseIpv6(text: string): number[] {
  const invalid = () => new TypeError(`Invalid URL: address "[${text}]"`);
  const halves = text.split('::');
  if (halves.length > 2) throw invalid();
  const [before = [], after = []] = halves.map((half, index) => {
    const pieces = half === '' ? [] : half.split(':');
    return pieces.flatMap((piece, position) => {
      const isLast = position === pieces.length - 1 && index === halves.length - 1;
      if (piece.includes('.') && isLast) return embeddedIpv4(piece, invalid);
      if (!/^[0-9a-f]{1,4}$/i.test(piece)) throw invalid();
      return [Number.parseInt(piece, 16)];
    });
  });
  const missing = 8 - before.length - after.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) throw invalid();
  return [...before, ...new Array<number>(missing).fill(0), ...after];
}

function embeddedIpv4(piece: string, invalid: () => TypeError): [number, number] {
  const bytes = piece.split('.');
  if (bytes.length !== 4 || !bytes.every((byte) => /^(0|[1-9]\d{0,2})$/.test(byte) && Number(byte) < 256))
    throw invalid();
  const [a, b, c, d] = bytes.map(Number) as [number, number, number, number];
  return [a * 256 + b, c * 256 + d];
}

/** RFC 5952: the longest run of at least two zero pieces becomes "::". */
function serializeIpv6(pieces: number[]): string {
  let [from, length] = [-1, 1];
  for (let at = 0; at < 8; at++) {
    let run = 0;
    while (pieces[at + run] === 0) run++;
    if (run > length) [from, length] = [at, run];
    at += run;
  }
  const hex = pieces.map((piece) => piece.toString(16));
  if (from < 0) return hex.join(':');
  return `${hex.slice(0, from).join(':')}::${hex.slice(from + length).join(':')}`;
}
