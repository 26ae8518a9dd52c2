/** A core of base64 or hex that is shorter would be found in honest answers by chance. */
const ENCODED_CHARS_MIN = 8;
/** Encodings within encodings, as percent-encoding in a JSON text. */
const DEPTH = 2;

/**
 * True when bytes contain the secret: as it is, in hex, or in base64 at any of the three alignments that base64 knows,
 * with either alphabet and however its lines are broken; each of these plainly, percent- or form-encoded, or escaped as
 * in JSON, JavaScript, XML or HTML. It is the answer that is decoded, so that nobody's choice of what to escape matters.
 */
export function containsSecret(haystack: Buffer, secret: string): boolean {
  if (secret === '') return false;
  const needles = needlesOf(secret);
  return viewsOf(haystack).some((view) => {
    const text = view.toString('latin1');
    if (needles.plain.some((plain) => text.includes(plain))) return true;
    if (needles.hex !== null && text.toLowerCase().includes(needles.hex)) return true;
    if (needles.base64.length === 0) return false;
    const ordinary = text.replaceAll('-', '+').replaceAll('_', '/');
    return needles.base64.some((core) => ordinary.includes(core));
  });
}

/** The texts to look for, as latin1 of their bytes. */
function needlesOf(secret: string): { plain: string[]; hex: string | null; base64: string[] } {
  const bytes = Buffer.from(secret, 'utf8');
  const hex = bytes.toString('hex');
  const unbroken = secret.replaceAll(/[\r\n]/g, '');
  const keyText = /-----BEGIN [^-]*-----([^-]+)-----END/.exec(unbroken)?.[1];
  return {
    plain: [...new Set([secret, unbroken, secret.trim(), ...(keyText === undefined ? [] : [keyText])])]
      .filter((text) => text !== '')
      .map((text) => Buffer.from(text, 'utf8').toString('latin1')),
    hex: hex.length < ENCODED_CHARS_MIN ? null : hex,
    base64: base64Cores(bytes).filter((core) => core.length >= ENCODED_CHARS_MIN),
  };
}

/** The characters of base64 that depend on the secret alone, for each offset it may have within a longer text. */
function base64Cores(bytes: Buffer): string[] {
  return [0, 1, 2].map((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
    const encoded = padded.toString('base64').replace(/=+$/, '');
    const start = offset === 0 ? 0 : offset + 1;
    const whole = Math.floor((padded.length * 8) / 6);
    return encoded.slice(start, whole);
  });
}

/** The bytes and what they mean once decoded; each with and without line breaks. */
function viewsOf(bytes: Buffer): Buffer[] {
  const views = new Map<string, Buffer>();
  const add = (view: Buffer, depth: number): void => {
    const key = view.toString('latin1');
    if (views.has(key)) return;
    views.set(key, view);
    if (depth === 0) return;
    for (const decode of [decodePercent, decodeForm, decodeBackslashes, decodeEntities]) {
      const decoded = decode(key);
      if (decoded !== key) add(Buffer.from(decoded, 'latin1'), depth - 1);
    }
  };
  add(bytes, DEPTH);
  for (const [key, view] of [...views])
    if (/[\r\n]/.test(key))
      views.set(`${key}\0`, Buffer.from(view.toString('latin1').replaceAll(/[\r\n]/g, ''), 'latin1'));
  return [...views.values()];
}

function decodePercent(text: string): string {
  return text.includes('%')
    ? text.replaceAll(/%([0-9A-Fa-f]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;
}

function decodeForm(text: string): string {
  return text.includes('+') ? decodePercent(text.replaceAll('+', ' ')) : text;
}

const ESCAPED: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', 0: '\0' };

function decodeBackslashes(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replaceAll(
    /((?:\\u[0-9A-Fa-f]{4})+)|\\u\{([0-9A-Fa-f]{1,6})\}|\\x([0-9A-Fa-f]{2})|\\([^ux])/g,
    (
      _all,
      units: string | undefined,
      point: string | undefined,
      byte: string | undefined,
      single: string | undefined,
    ) => {
      if (units !== undefined) {
        const codes = units.slice(2).split('\\u');
        return asLatin1(String.fromCharCode(...codes.map((code) => Number.parseInt(code, 16))));
      }
      if (point !== undefined) return codePoint(Number.parseInt(point, 16));
      if (byte !== undefined) return codePoint(Number.parseInt(byte, 16));
      return ESCAPED[single ?? ''] ?? single ?? '';
    },
  );
}

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(
    /&(?:#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));?/g,
    (_all, decimal: string | undefined, hex: string | undefined, name: string | undefined) => {
      if (name !== undefined) return asLatin1(NAMED[name] ?? '');
      return codePoint(decimal === undefined ? Number.parseInt(hex ?? '0', 16) : Number(decimal));
    },
  );
}

function codePoint(code: number): string {
  return code > 0x10ffff ? '' : asLatin1(String.fromCodePoint(code));
}

/** The UTF-8 of a text, as latin1: what its characters are among the bytes of an answer. */
function asLatin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
