import { isIP, isIPv4 } from 'node:net'
import type { ListenAddress } from './types.ts'

/** Reads `host:port`, `[::1]:port` or `:port` (every address); undefined when it is none of them. */
export function parseListen(text: string): ListenAddress | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/@[\]]*)):(\d{1,5})$/.exec(text.trim())
  if (!match) return undefined
  const [, six, name, digits] = match
  const port = Number(digits)
  if (port > 65_535) return undefined
  if (six !== undefined) return isIP(six) === 6 ? { host: six.toLowerCase(), port } : undefined
  const host = name === undefined || name === '' || name === '*' ? '::' : name.toLowerCase()
  return host === '::' || isIPv4(host) || isHostName(host) ? { host, port } : undefined
}

/** A DNS name or an IPv4 address, without port. A name of digits and dots only must be an address. */
export const isHostName = (host: string): boolean =>
  host.length <= 253 &&
  /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/.test(
    host,
  ) &&
  (!/^[\d.]+$/.test(host) || isIPv4(host))

/** Whether only this machine can reach it. A name other than localhost counts as reachable: it may resolve to anything. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  if (bare === 'localhost' || bare.endsWith('.localhost') || bare === '::1') return true
  return isIPv4(bare) && bare.startsWith('127.')
}

/** Whether an address or CIDR block (`10.0.0.0/8`, `::1`) names proxies. */
export function isAddressBlock(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/')
  const family = isIP(address)
  if (family === 0 || more.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}
