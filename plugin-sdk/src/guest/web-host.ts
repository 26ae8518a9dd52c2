/** Host and port of a web address, in lower case and without credentials; undefined when it is none. */
export function hostOf(address: unknown): string | undefined {
  if (typeof address !== 'string') return undefined;
  const authority = /^https?:\/\/([^/?#\s]{1,260})/i.exec(address.trim())?.[1];
  return authority?.slice(authority.lastIndexOf('@') + 1).toLowerCase();
}
