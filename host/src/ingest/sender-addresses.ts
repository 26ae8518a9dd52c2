import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.process>;
type Range = [Address, number];

/** The addresses of which the first 96 bits say that an IPv4 address follows (RFC 4291 2.5.5.2). */
const MAPPED_BITS = 96;

/**
 * One address or CIDR block, IPv4 or IPv6; null when the text is neither. An IPv4 block inside IPv6 is that IPv4
 * block, as an IPv4 address inside IPv6 is that address.
 */
export function parseRange(text: string): Range | null {
  const [address = '', bits, ...more] = text.split('/');
  if (more.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return null;
  const parsed = parseAddress(address);
  if (parsed === null) return null;
  const length = bits === undefined ? null : Number(bits);
  if (parsed.kind() === 'ipv4' && address.includes(':')) {
    if (length === null) return [parsed, 32];
    return length >= MAPPED_BITS && length <= 128 ? [parsed, length - MAPPED_BITS] : null;
  }
  const most = parsed.kind() === 'ipv4' ? 32 : 128;
  return length !== null && length > most ? null : [parsed, length ?? most];
}

/** Short and octal forms of IPv4 are refused: others read them as another address. */
function parseAddress(text: string): Address | null {
  if (text.includes(':') ? !ipaddr.IPv6.isValid(text) : !ipaddr.IPv4.isValidFourPartDecimal(text)) return null;
  return ipaddr.process(text);
}

/** Who may post, as far as addresses say. */
interface SenderAddresses {
  /** Empty: everybody, unless only published addresses are taken. */
  readonly allow: readonly string[];
  /** Wins over whatever allows. */
  readonly deny: readonly string[];
  /** What the vendor publishes, where nobody else may post but those that are allowed; else null. */
  readonly published: { readonly ranges: readonly string[]; readonly complete: boolean } | null;
}

/** `unknown`: the vendor publishes its addresses, and they could not be read yet. */
export type AddressVerdict = 'allowed' | 'refused' | 'unknown';

/**
 * A check of sender addresses. What cannot be understood decides for the refusal: as an entry that allows it allows
 * nobody, as one that denies it denies everybody.
 */
export function createAddressCheck({ allow, deny, published }: SenderAddresses): (address: string) => AddressVerdict {
  if (allow.length === 0 && deny.length === 0 && published === null) return () => 'allowed';
  const denied = deny.map(parseRange);
  if (denied.includes(null)) return () => 'refused';
  const isDenied = within(denied.filter((range) => range !== null));
  const allowed = [...allow, ...(published?.ranges ?? [])].map(parseRange).filter((range) => range !== null);
  const isAllowed = allow.length === 0 && published === null ? () => true : within(allowed);
  return (text) => {
    const address = parseAddress(text);
    if (address === null || isDenied(address)) return 'refused';
    if (isAllowed(address)) return 'allowed';
    return published?.complete === false ? 'unknown' : 'refused';
  };
}

function within(ranges: readonly Range[]): (address: Address) => boolean {
  return (address) => ranges.some(([range, bits]) => address.kind() === range.kind() && address.match(range, bits));
}
