/**
 * A URL from text, null when it is none.
 *
 * Never by `URL.canParse`: on Node 20 it turns false for texts with letters of Latin-1 beyond ASCII, such as
 * `https://bücher.example`, as soon as V8 has compiled its caller, after a few thousand calls.
 */
export function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
