/**
 * The text of a body that is not UTF-8, by the charset of its content type: UTF-16 with its byte order mark or name,
 * and the Latin-1 family, whose bytes are code points. Everything else is read as UTF-8, with U+FFFD for what is not.
 */
export function decodeText(bytes: Uint8Array, contentType: string): string {
  const named = /;\s*charset="?([\w.:-]+)/i.exec(contentType)?.[1]?.toLowerCase() ?? '';
  const marked = bytes[0] === 0xff && bytes[1] === 0xfe ? 'le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'be' : '';
  if (marked !== '' || named.startsWith('utf-16')) return utf16(bytes, marked === 'be' || named === 'utf-16be');
  if (/^(iso-?8859-1|latin-?1|us-ascii|windows-1252|cp1252)$/.test(named)) return latin1(bytes);
  return new TextDecoder().decode(bytes);
}

const CHUNK = 8192;

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return text;
}

function utf16(bytes: Uint8Array, bigEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = '';
  for (let at = 0; at + 1 < bytes.length;) {
    const units: number[] = [];
    for (; at + 1 < bytes.length && units.length < CHUNK; at += 2) units.push(view.getUint16(at, !bigEndian));
    text += String.fromCharCode(...units);
  }
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
