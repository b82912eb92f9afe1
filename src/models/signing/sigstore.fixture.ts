import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { initializeCA, initializeCTLog, initializeTLog, initializeTSA } from '@sigstore/mock'
import { z } from 'zod'
import { BUNDLE_TYPE } from './bundle.ts'
import { preAuthentication } from './dsse.ts'
import { makeManifest } from './make-manifest.ts'
import type { Identity } from './sigstore.ts'
import { PAYLOAD_TYPE, writeStatement } from './statement.ts'

const LogEntry = z.object({
  body: z.string(),
  integratedTime: z.number(),
  logID: z.string(),
  logIndex: z.number(),
  verification: z.object({
    signedEntryTimestamp: z.string(),
    inclusionProof: z.object({
      logIndex: z.number(),
      rootHash: z.string(),
      treeSize: z.number(),
      checkpoint: z.string(),
    }),
  }),
})

export const IDENTITY =
  'https://github.com/acme/models/.github/workflows/release.yml@refs/heads/main'
export const ISSUER = 'https://token.actions.githubusercontent.com'
export const ALLOWED: Identity = { identity: IDENTITY, issuer: ISSUER }

const keyPair = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const base64 = (bytes: ArrayBufferView | Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')

/** When a part of a trust root counts, ISO 8601. */
interface Window {
  readonly start: string
  readonly end?: string
}

/** A Sigstore's parts as a trust root lists them. */
export interface RootParts {
  readonly tlogs: readonly object[]
  readonly certificateAuthorities: readonly object[]
  readonly ctlogs: readonly object[]
  readonly timestampAuthorities: readonly object[]
}

/** A trust root of several Sigstores, as one that changed its keys publishes it. */
export const trustRootOf = (...all: readonly RootParts[]): string =>
  JSON.stringify({
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: all.flatMap(({ tlogs }) => tlogs),
    certificateAuthorities: all.flatMap(({ certificateAuthorities }) => certificateAuthorities),
    ctlogs: all.flatMap(({ ctlogs }) => ctlogs),
    timestampAuthorities: all.flatMap(({ timestampAuthorities }) => timestampAuthorities),
  })

/** Bytes over which a log of signatures keeps, first kind or second. */
interface Signed {
  readonly payload: Buffer
  readonly signature: Buffer
  readonly certificate: Buffer
}

const ALWAYS: Window = { start: '2020-01-01T00:00:00.000Z' }

type Authority = Awaited<ReturnType<typeof initializeCA>>
type SignatureLog = Awaited<ReturnType<typeof initializeTLog>>
type Timestamps = Awaited<ReturnType<typeof initializeTSA>>

async function signedModel(model: string, authority: Authority): Promise<Signed> {
  const made = await makeManifest(
    {
      path: model,
      ignored: new Set(),
      allowSymlinks: false,
      hashType: 'sha256',
      shardBytes: null,
    },
    {},
  )
  if (!made.ok) throw new Error(made.error.code)
  const payload = Buffer.from(writeStatement(made.value.manifest))
  const { publicKey, privateKey } = keyPair()
  const issued = await authority.issueCertificate({
    publicKey: publicKey.export({ type: 'spki', format: 'der' }),
    subjectAltName: IDENTITY,
    extensions: [{ oid: '1.3.6.1.4.1.57264.1.1', value: ISSUER, legacy: true }],
  })
  const signature = sign('sha256', preAuthentication(PAYLOAD_TYPE, payload), privateKey)
  return { payload, signature, certificate: Buffer.from(base64(issued), 'base64') }
}

const bundleWith = ({ payload, signature, certificate }: Signed, material: object): string =>
  JSON.stringify({
    mediaType: BUNDLE_TYPE,
    verificationMaterial: {
      certificate: { rawBytes: certificate.toString('base64') },
      ...material,
    },
    dsseEnvelope: {
      payload: payload.toString('base64'),
      payloadType: PAYLOAD_TYPE,
      signatures: [{ sig: signature.toString('base64') }],
    },
  })

const digest = (bytes: Uint8Array) => ({
  algorithm: 'sha256',
  value: createHash('sha256').update(bytes).digest('hex'),
})

/** A keyless bundle of a model, as its signer makes it online, with the log's promise and proof. */
async function logged(made: Signed, entries: SignatureLog): Promise<string> {
  const pem = `-----BEGIN CERTIFICATE-----\n${made.certificate
    .toString('base64')
    .replaceAll(/(.{64})/g, '$1\n')
    .trimEnd()}\n-----END CERTIFICATE-----\n`
  const answer = await entries.log({
    apiVersion: '0.0.1',
    kind: 'dsse',
    spec: {
      envelopeHash: digest(randomBytes(8)),
      payloadHash: digest(made.payload),
      signatures: [
        {
          signature: made.signature.toString('base64'),
          verifier: Buffer.from(pem).toString('base64'),
        },
      ],
    },
  })
  const entry = LogEntry.parse(Object.values(answer)[0])
  const proof = entry.verification.inclusionProof
  return bundleWith(made, {
    tlogEntries: [
      {
        logIndex: String(entry.logIndex),
        logId: { keyId: Buffer.from(entry.logID, 'hex').toString('base64') },
        kindVersion: { kind: 'dsse', version: '0.0.1' },
        integratedTime: String(entry.integratedTime),
        inclusionPromise: { signedEntryTimestamp: entry.verification.signedEntryTimestamp },
        inclusionProof: {
          logIndex: String(proof.logIndex),
          rootHash: Buffer.from(proof.rootHash, 'hex').toString('base64'),
          treeSize: String(proof.treeSize),
          hashes: [],
          checkpoint: { envelope: proof.checkpoint },
        },
        canonicalizedBody: entry.body,
      },
    ],
  })
}

/** The same with the second kind of log, which proves that it holds the entry and tells no time. */
async function loggedAndStamped(
  made: Signed,
  entries: SignatureLog,
  timestamps: Timestamps,
): Promise<string> {
  const logId = createHash('sha256').update(entries.publicKey).digest()
  const body = Buffer.from(
    JSON.stringify({
      apiVersion: '0.0.2',
      kind: 'dsse',
      spec: {
        dsseV002: {
          payloadHash: {
            algorithm: 'SHA2_256',
            digest: createHash('sha256').update(made.payload).digest('base64'),
          },
          signatures: [
            {
              content: made.signature.toString('base64'),
              verifier: {
                keyDetails: 'PKIX_ECDSA_P256_SHA_256',
                x509Certificate: { rawBytes: made.certificate.toString('base64') },
              },
            },
          ],
        },
      },
    }),
  )
  // the only entry of its log: its hash is the root
  const rootHash = createHash('sha256')
    .update(Buffer.from([0]))
    .update(body)
    .digest()
  const answer = await entries.logV2(JSON.parse(body.toString()))
  const envelope = answer.inclusionProof?.checkpoint?.envelope ?? ''
  const token = await timestamps.timestamp({
    artifactHash: createHash('sha256').update(made.signature).digest(),
    hashAlgorithmOID: '2.16.840.1.101.3.4.2.1',
    policyOID: '1.3.6.1.4.1.57264.2',
    nonce: 7,
    certReq: false,
  })
  return bundleWith(made, {
    tlogEntries: [
      {
        logIndex: '0',
        logId: { keyId: logId.toString('base64') },
        kindVersion: { kind: 'dsse', version: '0.0.2' },
        integratedTime: '0',
        inclusionProof: {
          logIndex: '0',
          rootHash: rootHash.toString('base64'),
          treeSize: '1',
          hashes: [],
          checkpoint: { envelope },
        },
        canonicalizedBody: answer.canonicalizedBody.toString('base64'),
      },
    ],
    timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp: base64(token) }] },
  })
}

/**
 * A whole Sigstore of its own: certificate authority, log of certificates, log of signatures, timestamp authority, all by
 * one clock.
 */
export async function newSigstore(now = new Date()) {
  // a fraction of a second that ends in 0 is written shorter, and @sigstore/core reads three digits or none
  const clock = new Date(Math.trunc(now.getTime() / 1000) * 1000)
  const certificates = await initializeCTLog(keyPair(), clock)
  const authority = await initializeCA(keyPair(), certificates, clock)
  const entries = await initializeTLog('https://rekor.example', keyPair(), clock)
  const timestamps = await initializeTSA(keyPair(), clock)
  const logId = createHash('sha256').update(entries.publicKey).digest()
  /** The parts of the root, each counting in its window. */
  const parts = (
    windows: Readonly<Partial<Record<'authority' | 'log' | 'timestamps', Window>>> = {},
  ): RootParts => {
    const log = (baseUrl: string, publicKey: Buffer, keyId: Uint8Array, validFor: Window) => ({
      baseUrl,
      hashAlgorithm: 'SHA2_256',
      publicKey: {
        rawBytes: base64(publicKey),
        keyDetails: 'PKIX_ECDSA_P256_SHA_256',
        validFor,
      },
      logId: { keyId: base64(keyId) },
    })
    const vouching = (chain: readonly ArrayBufferView[], validFor: Window) => ({
      subject: { organization: 'example', commonName: 'example' },
      uri: 'https://fulcio.example',
      certChain: { certificates: chain.map((rawBytes) => ({ rawBytes: base64(rawBytes) })) },
      validFor,
    })
    const ctId = new Uint8Array(certificates.logID.buffer)
    return {
      tlogs: [log('https://rekor.example', entries.publicKey, logId, windows.log ?? ALWAYS)],
      certificateAuthorities: [vouching([authority.rootCertificate], windows.authority ?? ALWAYS)],
      ctlogs: [log('https://ct.example', certificates.publicKey, ctId, ALWAYS)],
      timestampAuthorities: [
        vouching(
          [timestamps.intCertificate, timestamps.rootCertificate],
          windows.timestamps ?? ALWAYS,
        ),
      ],
    }
  }
  return {
    root: trustRootOf(parts()),
    parts,
    bundleOf: async (model: string) => await logged(await signedModel(model, authority), entries),
    bundleOfSecondLog: async (model: string) =>
      await loggedAndStamped(await signedModel(model, authority), entries, timestamps),
  }
}
