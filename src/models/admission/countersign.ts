import { sign, verify } from 'node:crypto'
import { canonicalJson } from '#kernel/canonical-json.ts'
import type { EpochMs } from '#kernel/units.ts'
import { writeBundle } from '../signing/bundle.ts'
import { preAuthentication } from '../signing/dsse.ts'
import { signPayload } from '../signing/key.ts'
import { writeStatement } from '../signing/statement.ts'
import { verifyBundle } from '../signing/verify-model.ts'
import { digestOfFiles, resourcesOf } from '../store/files-digest.ts'
import type { CompanyKey } from './company-key.ts'
import type { AdmissionRecord, RecordedException, WeightsFile } from './record.ts'

/** The company's OpenSSF Model Signing bundle over the files of a record. */
export function countersign(
  { name, files }: Pick<AdmissionRecord, 'name' | 'files'>,
  key: CompanyKey,
): string {
  const payload = Buffer.from(
    writeStatement({
      modelName: name,
      resources: resourcesOf(files),
      serialization: {
        method: 'files',
        hashType: 'sha256',
        shardBytes: null,
        allowSymlinks: false,
        ignorePaths: [],
      },
    }),
  )
  const material = { publicKeyHint: key.fingerprint }
  return writeBundle(material, payload, signPayload(key.signing, payload))
}

/** Whether a record's approval is of this key and of exactly these files. */
export function isCountersigned(record: AdmissionRecord, key: CompanyKey, now: EpochMs): boolean {
  if (record.approval === null) return false
  const trust = { method: 'key', key: key.verifying } as const
  const signed = verifyBundle(record.approval.bundle, trust, now)
  if (!signed.ok) return false
  return (
    digestOfFiles(record.files) === record.digest &&
    isSignedOver(record.files, signed.value.manifest.resources)
  )
}

/** Whether a signed list is of exactly these files. */
export function isSignedOver(
  files: readonly WeightsFile[],
  listed: readonly { readonly name: string; readonly digest: string }[],
): boolean {
  const own = resourcesOf(files)
  return (
    listed.length === own.length &&
    own.every(({ name, digest }, at) => listed[at]?.name === name && listed[at].digest === digest)
  )
}

const EXCEPTION_TYPE = 'application/vnd.ecluse.model-exception+json'

/** What an exception says, bound to the weights it is for. */
const exceptionBytes = (digest: string, given: Omit<RecordedException, 'signature'>): Buffer =>
  preAuthentication(
    EXCEPTION_TYPE,
    Buffer.from(
      canonicalJson({
        digest,
        kinds: [...given.kinds].toSorted(),
        reason: given.reason,
        by: given.by,
        at: given.at,
        expiresAt: given.expiresAt,
      }),
    ),
  )

export function signException(
  digest: string,
  given: Omit<RecordedException, 'signature'>,
  key: CompanyKey,
): RecordedException {
  const { key: secret, hash } = key.signing
  const signature = sign(hash, exceptionBytes(digest, given), secret).toString('base64')
  return { ...given, signature }
}

export function isSignedException(
  digest: string,
  given: RecordedException,
  key: CompanyKey,
): boolean {
  const { key: half, hash } = key.verifying
  try {
    return verify(hash, exceptionBytes(digest, given), half, Buffer.from(given.signature, 'base64'))
  } catch {
    return false
  }
}
