import { databaseAddresses } from '#kernel/database-addresses.ts'

/** Of servers that stand for each other, the one that connections go to. */
export interface Servers {
  /** Its address. */
  current(): string
  /** Whether another one could be asked. */
  readonly hasOthers: boolean
  /** It does not answer, or cannot be written to: connections go to the next one, unless they do already. */
  refused(address: string): void
}

const known = new Map<string, Servers>()

/** The servers of one address; everything in this process that uses it follows the same one. */
export function serversOf(url: string): Servers {
  const found = known.get(url) ?? servers(databaseAddresses(url))
  known.set(url, found)
  return found
}

function servers(addresses: readonly string[]): Servers {
  let at = 0
  const current = (): string => addresses[at] ?? ''
  return {
    current,
    hasOthers: addresses.length > 1,
    refused(address) {
      if (address === current()) at = (at + 1) % addresses.length
    },
  }
}
