import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Networks that the operator allows although they are not public. */
export type AllowedNetworks = readonly (readonly [Address, number])[];

/** @throws Error that names the entry which is not a CIDR */
export function parseNetworks(cidrs: readonly string[]): AllowedNetworks {
  return cidrs.map((cidr) => {
    if (!ipaddr.isValidCIDR(cidr)) throw new Error(`"${cidr}" is not a network in CIDR notation such as 10.0.0.0/8`);
    return ipaddr.parseCIDR(cidr);
  });
}

const AZURE_WIRE_SERVER = '168.63.129.16';

export type Verdict = 'public' | 'allowed' | 'blocked';

/**
 * What an address is to us. An IPv6 address that carries an IPv4 address (mapped, compatible, NAT64, 6to4) is judged
 * by the one inside, because that is where the packets go.
 *
 * @param text an IP address, without brackets
 */
export function judgeAddress(text: string, allowed: AllowedNetworks): Verdict {
  if (!ipaddr.isValid(text)) return 'blocked';
  const address = effectiveAddress(ipaddr.parse(text));
  for (const [network, bits] of allowed)
    if (network.kind() === address.kind() && address.match(network, bits)) return 'allowed';
  return isGlobalUnicast(address) ? 'public' : 'blocked';
}

function effectiveAddress(address: Address): Address {
  if (address.kind() === 'ipv4') return address;
  const parts = (address as ipaddr.IPv6).parts;
  const [first = 0, second = 0, third = 0] = parts;
  if ((address as ipaddr.IPv6).isIPv4MappedAddress()) return (address as ipaddr.IPv6).toIPv4Address();
  const firstSixZero = parts.slice(0, 6).every((part) => part === 0);
  if (firstSixZero || (first === 0x64 && second === 0xff9b && parts.slice(2, 6).every((part) => part === 0)))
    return fromParts(parts[6] ?? 0, parts[7] ?? 0);
  if (first === 0x2002) return fromParts(second, third);
  return address;
}

function fromParts(high: number, low: number): ipaddr.IPv4 {
  return new ipaddr.IPv4([high >> 8, high & 255, low >> 8, low & 255]);
}

/** The IANA special-purpose registries, as ipaddr.js has them, and the rest of 2000::/3 only. */
function isGlobalUnicast(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  if (address.kind() === 'ipv4') {
    const [first = 0, second = 0, third = 0] = (address as ipaddr.IPv4).octets;
    // Protocol assignments, 6to4 relays and benchmarking are not in every version of the library's table.
    if (first === 192 && second === 0 && third === 0) return false;
    if (first === 192 && second === 88 && third === 99) return false;
    if (first === 198 && (second === 18 || second === 19)) return false;
    // Public by its number, and the machine's own host to whatever runs in Azure.
    if (address.toString() === AZURE_WIRE_SERVER) return false;
    return first > 0 && first < 224;
  }
  const parts = (address as ipaddr.IPv6).parts;
  const first = parts[0] ?? 0;
  const second = parts[1] ?? 0;
  if ((first & 0xe000) !== 0x2000) return false;
  // IETF protocol assignments (Teredo, ORCHID, benchmarking) and both documentation prefixes.
  if (first === 0x2001 && second < 0x200) return false;
  if (first === 0x2001 && second === 0xdb8) return false;
  return !(first === 0x3fff && second < 0x1000);
}
