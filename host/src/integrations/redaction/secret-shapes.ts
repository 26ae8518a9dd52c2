import { isSecretName } from '@patchbay/plugin-sdk/contract/secret-name';

/** Stands where a secret stood. */
export const REDACTED = '[redacted]';

/** Parameters of URLs and forms have secrets in shorter names, too. */
export function isSecretParameter(name: string): boolean {
  return isSecretName(name) || /^(key|auth|pwd|sig|code)$/i.test(name);
}

/** What is a secret by its looks. Each expression reads a text once: none goes back over what it has read. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g, REDACTED],
  // A name and a password before the host of an address.
  [/(\w:\/\/)[^\s/?#@"]{1,200}@/g, `$1${REDACTED}@`],
  [/\b([Bb]earer|BEARER|[Bb]asic|BASIC)\s+(?=\S+[A-Z0-9=_.])[\w.~+/=-]{8,}/g, `$1 ${REDACTED}`],
  [
    /\b(?:pb[kt]_|gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|[rs]k_(?:live|test)_|whsec_|AKIA|ASIA|AIza|SG\.|npm_|hvs\.|shp(?:at|ss|ca|pa)_)[\w./+=-]{12,}/g,
    REDACTED,
  ],
  [/(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/g, REDACTED],
  // Who knows the address of such a hook may post to it.
  [/(\bhooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/-]+/g, `$1${REDACTED}`],
  [/(\bdiscord(?:app)?\.com\/api\/webhooks\/\d{1,25}\/)[\w-]+/g, `$1${REDACTED}`],
];

const PARAMETER = /([?&])([\w.[\]-]{1,64})=([^&\s"'<>#]+)/g;
const NAME = /(?<![\w.-])([A-Za-z][\w.-]{0,63})\s{0,3}[:=]\s{0,3}/g;
const VALUE = /"[^"\n]*"|'[^'\n]*'|[^\s,;&"'[{][^\s,;&]*/y;

/** Text without what is a secret by its looks, or by the name that stands before it. */
export function redactShapes(text: string): string {
  let clean = text;
  for (const [shape, by] of shapes) clean = clean.replace(shape, by);
  clean = clean.replace(PARAMETER, (whole, mark: string, name: string) =>
    isSecretParameter(name) ? `${mark}${name}=${REDACTED}` : whole,
  );
  return redactNamed(clean);
}

/** `password=...` and `Token: "..."`, wherever they stand. */
function redactNamed(text: string): string {
  const pieces: string[] = [];
  let copied = 0;
  for (const named of text.matchAll(NAME)) {
    const start = named.index + named[0].length;
    if (start < copied || !isSecretName(named[1] ?? '')) continue;
    VALUE.lastIndex = start;
    const value = VALUE.exec(text)?.[0];
    if (value === undefined) continue;
    const quote = /^["']/.exec(value)?.[0] ?? '';
    pieces.push(text.slice(copied, start), quote + REDACTED + quote);
    copied = start + value.length;
  }
  return pieces.join('') + text.slice(copied);
}
