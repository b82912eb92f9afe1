import { BlockList, isIP } from 'node:net'

/** Addresses and blocks, ready to be asked. */
export type Blocks = BlockList

/** The parts of one address or block (CIDR, RFC 4632 and 4291); null when it is neither. */
function blockOf(text: string): { address: string; bits: number; family: 'ipv4' | 'ipv6' } | null {
  const [address = '', length, ...rest] = text.split('/')
  const version = isIP(address)
  // a zone (`%eth0`) names an interface of one machine: it means nothing in a list
  if (version === 0 || rest.length > 0 || address.includes('%')) return null
  const most = version === 4 ? 32 : 128
  const bits = length === undefined ? most : /^\d{1,3}$/.test(length) ? Number(length) : -1
  if (bits < 0 || bits > most) return null
  return { address, bits, family: version === 4 ? 'ipv4' : 'ipv6' }
}

/** Whether a text is an address or a block of addresses. */
export const isBlock = (text: string): boolean => blockOf(text) !== null

/** A list that can be asked; what cannot be read allows nobody. */
export function readBlocks(texts: readonly string[]): Blocks {
  const list = new BlockList()
  for (const text of texts) {
    const block = blockOf(text)
    if (block) list.addSubnet(block.address, block.bits, block.family)
  }
  return list
}

/** Whether an address is in one of the blocks; an IPv4 address in IPv6 notation counts as IPv4. */
export function isAmong(blocks: Blocks, address: string): boolean {
  const plain = plainAddress(address)
  const version = isIP(plain)
  return version !== 0 && blocks.check(plain, version === 4 ? 'ipv4' : 'ipv6')
}

/** Without zone, lower case, and as IPv4 where it only wraps one (`::ffff:192.0.2.1`). */
function plainAddress(address: string): string {
  const plain = address.replace(/%.*$/, '').toLowerCase()
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1] ?? plain
}

/** What stands for one subscriber: an IPv4 address, or the /64 of an IPv6 one, which has that many to choose from (RFC 6177). */
export function subscriberOf(address: string): string {
  const plain = plainAddress(address)
  if (!plain.includes(':')) return plain
  const [head = '', tail] = plain.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(8 - left.length - right.length, 0)
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right]
  return groups
    .slice(0, 4)
    .map((part) => part.replace(/^0+(?=.)/, ''))
    .join(':')
}
