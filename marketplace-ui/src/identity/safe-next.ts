/**
 * Where to go after signing in: a path of this site and nothing else, because the address comes from a link that
 * anybody may have written.
 */
export function safeNext(next: string | undefined, origin: string): string {
  if (!next?.startsWith('/')) return '/';
  const url = URL.canParse(next, origin) ? new URL(next, origin) : null;
  if (url?.origin !== origin) return '/';
  const path = url.pathname + url.search + url.hash;
  return path.startsWith('//') || path.startsWith('/sign-in') ? '/' : path;
}
