import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { isPrivateAddress, publicLookup as lookedUpBy } from '#kernel/public-lookup.ts'

export { isPrivateAddress }

/** The lookup for connections to outside, by the resolver of this machine. */
export const publicLookup = (resolve: typeof lookup = lookup): LookupFunction => lookedUpBy(resolve)
