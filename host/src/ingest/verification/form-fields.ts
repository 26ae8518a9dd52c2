/** A field of a form, decoded to bytes: two bodies that decode to the same text are not the same. */
export interface FormField {
  readonly name: Buffer;
  readonly value: Buffer;
}

const FIELDS = 1000;

export const FORM_TYPE = /^\s*application\/x-www-form-urlencoded\s*(;|$)/i;

/**
 * The fields of an urlencoded form in order (URL Standard, "application/x-www-form-urlencoded parsing"), for schemes
 * that sign fields; null when there are more than any sender has.
 */
export function readFormFields(body: Buffer): FormField[] | null {
  const fields: FormField[] = [];
  let start = 0;
  while (start <= body.length) {
    const found = body.indexOf(0x26, start);
    const end = found === -1 ? body.length : found;
    if (end > start) {
      if (fields.length === FIELDS) return null;
      const part = body.subarray(start, end);
      const equals = part.indexOf(0x3d);
      fields.push({
        name: decoded(equals === -1 ? part : part.subarray(0, equals)),
        value: decoded(equals === -1 ? Buffer.alloc(0) : part.subarray(equals + 1)),
      });
    }
    start = end + 1;
  }
  return fields;
}

function decoded(part: Buffer): Buffer {
  const bytes = Buffer.alloc(part.length);
  let length = 0;
  for (let at = 0; at < part.length; at++) {
    const byte = part[at] as number;
    if (byte === 0x2b) bytes[length++] = 0x20;
    else if (byte === 0x25 && isHex(part[at + 1]) && isHex(part[at + 2])) {
      bytes[length++] = Number.parseInt(part.toString('latin1', at + 1, at + 3), 16);
      at += 2;
    } else bytes[length++] = byte;
  }
  return bytes.subarray(0, length);
}

function isHex(byte: number | undefined): boolean {
  return (
    byte !== undefined &&
    ((byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66))
  );
}
