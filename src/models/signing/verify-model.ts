import type { TrustMaterial } from '@sigstore/verify'
import { err, ok, type Result } from '#kernel/result.ts'
import type { EpochMs } from '#kernel/units.ts'
import type { HashOptions } from '../digests/hash-pieces.ts'
import { readBundle, type Bundle } from './bundle.ts'
import { readCertificate, type Certificate } from './certificate.ts'
import { oneLine, trustLeaf } from './certificate-chain.ts'
import { compareFiles } from './compare-files.ts'
import {
  EARLY_PREDICATE,
  isEarlySignature,
  looksEarly,
  readEarlyStatement,
} from './early-format.ts'
import { ignoredPaths } from './ignored-paths.ts'
import { isSignedBy, keyHint, type CurveKey } from './key.ts'
import type { SigningProblem } from './problem.ts'
import { verifySigstore, type AllowedIdentity, type Identity } from './sigstore.ts'
import { isAlwaysIgnored, type ModelFile } from './walk-model.ts'
import { readStatement, rootDigest, type Manifest } from './statement.ts'

/** Whom the verifier trusts. */
export type Trust =
  | { readonly method: 'key'; readonly key: CurveKey }
  | { readonly method: 'certificate'; readonly certificates: readonly Certificate[] }
  | {
      readonly method: 'sigstore'
      readonly root: TrustMaterial
      readonly identities: readonly AllowedIdentity[]
    }

/** Who signed, as proven. */
export type Signer =
  | { readonly method: 'key'; readonly fingerprint: string }
  | { readonly method: 'certificate'; readonly subject: string; readonly fingerprint: string }
  | ({ readonly method: 'sigstore' } & Identity)

export interface VerifyRequest {
  /** A folder, or a file. */
  readonly model: string
  /** The files of a model that lies nowhere as a folder. */
  readonly files?: readonly ModelFile[] | null
  /** The text of the bundle. */
  readonly bundle: string
  /** Where the bundle lies, so that it is not taken for a part of the model; null: elsewhere. */
  readonly bundlePath: string | null
  readonly trust: Trust
  readonly ignorePaths: readonly string[]
  readonly ignoreUnsigned: boolean
  /** Whether signatures as version 0.2 of the reference program made them count too. */
  readonly allowEarly?: boolean
  /** Certificates must be valid now. */
  readonly now: EpochMs
}

export interface VerifiedModel {
  readonly signer: Signer
  readonly modelName: string
  readonly rootDigest: string
  readonly files: number
  readonly bytes: number
  /** What lies in the model and was not looked at, because it is ignored. */
  readonly ignored: readonly string[]
}

/** Verifies a model against its signature: who signed first, then what was signed, then every byte of it. */
export async function verifyModel(
  request: VerifyRequest,
  options: HashOptions = {},
): Promise<Result<VerifiedModel, SigningProblem>> {
  const signed = verifyBundle(request.bundle, request.trust, request.now, request.allowEarly)
  if (!signed.ok) return signed
  const { signer, manifest } = signed.value
  const ignored = await ignoredPaths(
    request.model,
    // those of the signature are relative by definition
    [
      ...manifest.serialization.ignorePaths.filter((one) => !one.startsWith('/')),
      ...request.ignorePaths,
    ],
    request.bundlePath,
  )
  const compared = await compareFiles(
    manifest,
    {
      path: request.model,
      files: request.files ?? null,
      ignored,
      ignoreUnsigned: request.ignoreUnsigned,
    },
    options,
  )
  if (!compared.ok) return compared
  const { files, bytes, left } = compared.value
  const own = await ignoredPaths(request.model, [], request.bundlePath)
  return ok({
    signer,
    modelName: manifest.modelName,
    rootDigest: rootDigest(manifest.resources),
    files,
    bytes,
    // that the signature itself is not in it needs no saying
    ignored: left.filter((name) => !own.has(name) || isAlwaysIgnored(name)),
  })
}

/** Who signed a bundle and what it says, whether or not the model is at hand. */
export function verifyBundle(
  text: string,
  trust: Trust,
  now: EpochMs,
  allowEarly = false,
): Result<{ readonly signer: Signer; readonly manifest: Manifest }, SigningProblem> {
  const read = readBundle(text)
  if (!read.ok) return read
  const { payload } = read.value
  const isEarly = looksEarly(payload)
  if (isEarly && !allowEarly) {
    return err({ code: 'statement-unsupported', detail: { type: EARLY_PREDICATE } })
  }
  const isSigned = isEarly ? isEarlySignature : isSignedBy
  const signer = signerOf(read.value, trust, now, isSigned)
  if (!signer.ok) return signer
  const manifest = isEarly ? readEarlyStatement(payload) : readStatement(payload)
  return manifest.ok ? ok({ signer: signer.value, manifest: manifest.value }) : manifest
}

type IsSigned = typeof isSignedBy

function signerOf(
  bundle: Bundle,
  trust: Trust,
  now: EpochMs,
  isSigned: IsSigned,
): Result<Signer, SigningProblem> {
  const { material } = bundle
  if (material.method === 'key' && trust.method === 'key') {
    return signerByKey(bundle, material.hint, trust.key, isSigned)
  }
  if (material.method === 'certificate' && trust.method === 'certificate') {
    return signerByCertificate(bundle, material.chain, trust.certificates, now, isSigned)
  }
  if (material.method === 'sigstore' && trust.method === 'sigstore') {
    const identity = verifySigstore(bundle.json, trust.root, trust.identities)
    return identity.ok ? ok({ method: 'sigstore', ...identity.value }) : identity
  }
  return err({
    code: 'method-mismatch',
    detail: { method: trust.method, found: material.method },
  })
}

function signerByKey(
  { payload, signature }: Bundle,
  hint: string | null,
  key: CurveKey,
  isSigned: IsSigned,
): Result<Signer, SigningProblem> {
  const fingerprint = keyHint(key.key)
  if (hint !== null && hint.toLowerCase() !== fingerprint) {
    return err({ code: 'key-mismatch', detail: { hint: hint.slice(0, 64), fingerprint } })
  }
  if (!isSigned(key, payload, signature)) return err({ code: 'signature-invalid' })
  return ok({ method: 'key', fingerprint })
}

function signerByCertificate(
  { payload, signature }: Bundle,
  chain: readonly Buffer[],
  trusted: readonly Certificate[],
  now: EpochMs,
  isSigned: IsSigned,
): Result<Signer, SigningProblem> {
  const read = chain.map((raw) => readCertificate(raw)).filter((one) => one !== null)
  const [leaf, ...given] = read
  if (leaf === undefined || read.length < chain.length)
    return err({ code: 'certificate-malformed' })
  const key = trustLeaf(leaf, given, trusted, now)
  if (!key.ok) return key
  if (!isSigned(key.value, payload, signature)) return err({ code: 'signature-invalid' })
  return ok({
    method: 'certificate',
    subject: oneLine(leaf.x509.subject),
    fingerprint: leaf.x509.fingerprint256.replaceAll(':', '').toLowerCase(),
  })
}
