import { err, ok, type Result } from '#kernel/result.ts'
import type { HashOptions } from '../digests/hash-pieces.ts'
import type { HashAlgorithm } from '../digests/piece.ts'
import { writeBundle } from './bundle.ts'
import type { Certificate } from './certificate.ts'
import { ignoredPaths } from './ignored-paths.ts'
import { keyHint, signPayload, type CurveKey } from './key.ts'
import { makeManifest, type StoredModel } from './make-manifest.ts'
import type { SigningProblem } from './problem.ts'
import { rootDigest, writeStatement } from './statement.ts'

/** What signs: a key alone, or a key with its certificate and those above it. */
export type SigningIdentity =
  | { readonly method: 'key'; readonly key: CurveKey }
  | {
      readonly method: 'certificate'
      readonly key: CurveKey
      readonly leaf: Certificate
      readonly above: readonly Certificate[]
    }

export interface SignRequest {
  /** A folder, or a file. */
  readonly model: string
  readonly stored?: StoredModel | null
  /** Where the signature will lie; left out of what is signed. */
  readonly output: string
  readonly ignorePaths: readonly string[]
  readonly allowSymlinks: boolean
  readonly hashType: HashAlgorithm
  /** Null: one digest per file. */
  readonly shardBytes: number | null
  readonly identity: SigningIdentity
}

export interface SignedModel {
  /** The bundle, JSON. */
  readonly bundle: string
  readonly modelName: string
  readonly rootDigest: string
  /** Resources signed. */
  readonly resources: number
  readonly bytes: number
}

/** Signs a model as it is on the disk. The bundle is not yet written anywhere. */
export async function signModel(
  request: SignRequest,
  options: HashOptions = {},
): Promise<Result<SignedModel, SigningProblem>> {
  const { identity } = request
  if (identity.method === 'certificate' && !isKeyOf(identity)) {
    return err({ code: 'key-not-of-certificate' })
  }
  // nobody would accept it
  if (identity.method === 'certificate' && !identity.leaf.maySign) {
    return err({ code: 'certificate-unusable' })
  }
  const ignored = await ignoredPaths(request.model, request.ignorePaths, request.output)
  const made = await makeManifest(
    {
      path: request.model,
      stored: request.stored ?? null,
      ignored,
      allowSymlinks: request.allowSymlinks,
      hashType: request.hashType,
      shardBytes: request.shardBytes,
    },
    options,
  )
  if (!made.ok) return made
  const { manifest, bytes } = made.value
  const payload = Buffer.from(writeStatement(manifest))
  const material =
    identity.method === 'key'
      ? { publicKeyHint: keyHint(identity.key.key) }
      : { chain: [identity.leaf, ...identity.above].map(({ x509 }) => x509.raw) }
  return ok({
    bundle: writeBundle(material, payload, signPayload(identity.key, payload)),
    modelName: manifest.modelName,
    rootDigest: rootDigest(manifest.resources),
    resources: manifest.resources.length,
    bytes,
  })
}

const isKeyOf = ({ key, leaf }: Extract<SigningIdentity, { method: 'certificate' }>): boolean =>
  leaf.x509.checkPrivateKey(key.key)
