import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.process>;
type Range = [Address, number];

/** One address or CIDR block, IPv4 or IPv6; null when the text is neither. */
export function parseRange(text: string): Range | null {
  try {
    if (text.includes('/')) return ipaddr.parseCIDR(text);
    const address = ipaddr.process(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  } catch {
    return null;
  }
}

/**
 * A check of sender addresses against an allow list; an empty list allows everybody, an entry that cannot be
 * understood nobody. An IPv4 address inside IPv6 counts as IPv4.
 */
export function createIpAllow(list: readonly string[]): (address: string) => boolean {
  if (list.length === 0) return () => true;
  const ranges = list.map(parseRange).filter((range) => range !== null);
  return (text) => {
    if (!ipaddr.isValid(text)) return false;
    const address = ipaddr.process(text);
    return ranges.some(([range, bits]) => address.kind() === range.kind() && address.match(range, bits));
  };
}
