import { readFileSync } from 'node:fs'
import type { TrustMaterial } from '@sigstore/verify'
import { readTrustRoot } from './sigstore.ts'

/** The trust root of the public Sigstore instance, as shipped; null would mean a broken installation. */
export const shippedTrustRoot = (): TrustMaterial | null =>
  readTrustRoot(readFileSync(new URL('./sigstore-trust-root.json', import.meta.url), 'utf8'))
