import { join } from 'node:path'

/** Lower-case hexadecimal SHA-256. */
export type Sha256 = string

const DIGEST = /^[0-9a-f]{64}$/

/** Reads `sha256:HEX` or bare hexadecimal; null when it is neither. */
export function readDigest(text: string): Sha256 | null {
  const hex = text
    .trim()
    .toLowerCase()
    .replace(/^sha256[:-]/, '')
  return DIGEST.test(hex) ? hex : null
}

/** Names are file names on every system: lower case, digits, `.`, `_`, `-`. */
export const isModelName = (name: string): boolean => /^[a-z0-9][a-z0-9._-]{0,99}$/.test(name)

/** Where things are, under `$ECLUSE_HOME/models`. */
export const storePaths = (dir: string) => ({
  blobs: join(dir, 'blobs'),
  manifests: join(dir, 'manifests'),
  partial: join(dir, 'partial'),
  quarantine: join(dir, 'quarantine'),
  blob: (digest: Sha256) => join(dir, 'blobs', `sha256-${digest}`),
  /** Size and time of the blob when it was last verified. */
  verified: (digest: Sha256) => join(dir, 'blobs', `sha256-${digest}.verified`),
  /** Where the blob is while nobody knows whether it may go. */
  aside: (digest: Sha256) => join(dir, 'blobs', `sha256-${digest}.gone`),
  /** There while the blob is known not to be what its name says. */
  changed: (digest: Sha256) => join(dir, 'blobs', `sha256-${digest}.changed`),
  /** Its detached signature, OpenSSF Model Signing. */
  signature: (digest: Sha256) => join(dir, 'signatures', `sha256-${digest}.sig`),
  /** What came out of an archive of that digest, which is not kept itself. */
  unpacked: (digest: Sha256, what: 'files' | 'package' = 'files') =>
    join(dir, 'unpacked', `sha256-${digest}.${what}.json`),
  /** Shards of a model under their names, as links to its files. */
  linked: (digest: Sha256) => join(dir, 'linked', `sha256-${digest}`),
  manifest: (name: string) => join(dir, 'manifests', `${name}.json`),
})
