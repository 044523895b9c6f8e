import { BlockList, isIP, isIPv4 } from 'node:net'

/** Who an operator lets programs of this server talk to, beyond the open internet. */
export interface OutboundAllow {
  /** Host names in lower case; a name stands for whatever it resolves to. */
  hosts: readonly string[]
  /** Addresses and how many bits of them count. */
  networks: readonly { address: string; prefix: number }[]
}

/** What is not the open internet: the IANA special-purpose registries (RFC 6890 and later), and Azure's host of metadata. */
const CLOSED_V4 = [
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.31.196.0/24',
  '192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4',
  '240.0.0.0/4 168.63.129.16/32',
]
/**
 * Of IPv6 only global unicast is open (RFC 4291 §2.4). That leaves out mapped, compatible and NAT64 addresses, which are another name for
 * an IPv4 one; Teredo and 6to4 carry one inside, and the rest is for documentation and benchmarks.
 */
const OPEN_V6 = ['2000::/3']
const CLOSED_V6 = ['2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20']

const closedV4 = listOf(CLOSED_V4)
const openV6 = listOf(OPEN_V6)
const closedV6 = listOf(CLOSED_V6)

function listOf(lines: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of lines.flatMap((line) => line.split(' '))) {
    const [address = '', prefix] = network.split('/')
    list.addSubnet(address, Number(prefix), isIPv4(address) ? 'ipv4' : 'ipv6')
  }
  return list
}

/** Whether an address is part of the open internet. */
export function isOpenAddress(address: string): boolean {
  if (isIPv4(address)) return !closedV4.check(address, 'ipv4')
  return isIP(address) === 6 && openV6.check(address, 'ipv6') && !closedV6.check(address, 'ipv6')
}

/** Whether an operator named a network that the address is in. */
export function isAllowedAddress({ networks }: OutboundAllow, address: string): boolean {
  if (isIP(address) === 0) return false
  const list = new BlockList()
  for (const { address: network, prefix } of networks) {
    list.addSubnet(network, prefix, isIPv4(network) ? 'ipv4' : 'ipv6')
  }
  return list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')
}

const NAME = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/

/** Reads one entry of an operator's list: a host name, an address, or a network such as `10.0.0.0/8`. Null for what is none. */
export function parseAllowed(entry: string): { host: string } | { address: string; prefix: number } | null {
  const [address = '', prefix, ...rest] = entry.toLowerCase().split('/')
  const version = isIP(address)
  if (version === 0) return prefix === undefined && NAME.test(address) ? { host: address } : null
  const bits = version === 4 ? 32 : 128
  if (prefix === undefined) return { address, prefix: bits }
  const isPrefix = /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits && rest.length === 0
  return isPrefix ? { address, prefix: Number(prefix) } : null
}
