import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { test } from 'node:test'
import { initializeCA, initializeCTLog, initializeTLog } from '@sigstore/mock'
import { z } from 'zod'
import { BUNDLE_TYPE } from './bundle.ts'
import { preAuthentication } from './dsse.ts'
import { makeManifest } from './make-manifest.ts'
import { shippedTrustRoot } from './shipped-trust-root.ts'
import { newModel, writeFiles, type LooseBundle } from './signing.fixture.ts'
import { readTrustRoot, type Identity } from './sigstore.ts'
import { PAYLOAD_TYPE, writeStatement } from './statement.ts'
import { verifyModel } from './verify-model.ts'

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

const IDENTITY = 'https://github.com/acme/models/.github/workflows/release.yml@refs/heads/main'
const ISSUER = 'https://token.actions.githubusercontent.com'
const ALLOWED: Identity = { identity: IDENTITY, issuer: ISSUER }
const keyPair = (): ReturnType<typeof pair> => pair()
const pair = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const base64 = (bytes: ArrayBufferView | Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')

/** A whole Sigstore of its own: certificate authority, log of certificates, log of signatures. */
async function newSigstore() {
  const certificates = await initializeCTLog(keyPair())
  const authority = await initializeCA(keyPair(), certificates)
  const entries = await initializeTLog('https://rekor.example', keyPair())
  const since = { start: '2020-01-01T00:00:00.000Z' }
  const log = (baseUrl: string, publicKey: Buffer, keyId: Uint8Array) => ({
    baseUrl,
    hashAlgorithm: 'SHA2_256',
    publicKey: {
      rawBytes: base64(publicKey),
      keyDetails: 'PKIX_ECDSA_P256_SHA_256',
      validFor: since,
    },
    logId: { keyId: base64(keyId) },
  })
  const root = JSON.stringify({
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [
      log(
        'https://rekor.example',
        entries.publicKey,
        createHash('sha256').update(entries.publicKey).digest(),
      ),
    ],
    certificateAuthorities: [
      {
        subject: { organization: 'example', commonName: 'example' },
        uri: 'https://fulcio.example',
        certChain: { certificates: [{ rawBytes: base64(authority.rootCertificate) }] },
        validFor: since,
      },
    ],
    ctlogs: [
      log('https://ct.example', certificates.publicKey, new Uint8Array(certificates.logID.buffer)),
    ],
    timestampAuthorities: [],
  })
  /** A keyless bundle of a model, as its signer makes it online. */
  const bundleOf = async (model: string): Promise<string> => {
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
    assert.ok(made.ok)
    const payload = Buffer.from(writeStatement(made.value.manifest))
    const { publicKey, privateKey } = keyPair()
    const certificate = Buffer.from(
      base64(
        await authority.issueCertificate({
          publicKey: publicKey.export({ type: 'spki', format: 'der' }),
          subjectAltName: IDENTITY,
          extensions: [{ oid: '1.3.6.1.4.1.57264.1.1', value: ISSUER, legacy: true }],
        }),
      ),
      'base64',
    )
    const signature = sign('sha256', preAuthentication(PAYLOAD_TYPE, payload), privateKey)
    const pem = `-----BEGIN CERTIFICATE-----\n${certificate
      .toString('base64')
      .replaceAll(/(.{64})/g, '$1\n')
      .trimEnd()}\n-----END CERTIFICATE-----\n`
    const digest = (bytes: Uint8Array) => ({
      algorithm: 'sha256',
      value: createHash('sha256').update(bytes).digest('hex'),
    })
    const envelope = Buffer.from(randomBytes(8))
    const logged = await entries.log({
      apiVersion: '0.0.1',
      kind: 'dsse',
      spec: {
        envelopeHash: digest(envelope),
        payloadHash: digest(payload),
        signatures: [
          {
            signature: signature.toString('base64'),
            verifier: Buffer.from(pem).toString('base64'),
          },
        ],
      },
    })
    const entry = LogEntry.parse(Object.values(logged)[0])
    const proof = entry.verification.inclusionProof
    return JSON.stringify({
      mediaType: BUNDLE_TYPE,
      verificationMaterial: {
        certificate: { rawBytes: certificate.toString('base64') },
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
      },
      dsseEnvelope: {
        payload: payload.toString('base64'),
        payloadType: PAYLOAD_TYPE,
        signatures: [{ sig: signature.toString('base64') }],
      },
    })
  }
  return { root, bundleOf }
}

async function codeOf(
  model: string,
  bundle: string,
  root: string,
  identities: readonly Identity[] = [ALLOWED],
): Promise<string> {
  const trust = readTrustRoot(root)
  assert.ok(trust !== null)
  const verified = await verifyModel({
    model,
    bundle,
    bundlePath: null,
    ignorePaths: [],
    ignoreUnsigned: false,
    now: 0,
    trust: { method: 'sigstore', root: trust, identities },
  })
  return verified.ok ? 'ok' : verified.error.code
}

test('a keyless signature is verified offline: this root, this identity, this issuer, these bytes', async (t) => {
  const model = await newModel(t, { 'a.bin': 'a', 'b/c': 'c' })
  const { root, bundleOf } = await newSigstore()
  const bundle = await bundleOf(model)
  assert.equal(await codeOf(model, bundle, root), 'ok')
  const others: readonly (readonly Identity[])[] = [
    [],
    [{ ...ALLOWED, identity: `${IDENTITY}x` }],
    // exact, not a pattern
    [{ ...ALLOWED, identity: '.*' }],
    [{ ...ALLOWED, identity: IDENTITY.slice(0, -1) }],
    [{ ...ALLOWED, issuer: 'https://accounts.google.com' }],
    // both of one signer
    [
      { identity: IDENTITY, issuer: 'x' },
      { identity: 'x', issuer: ISSUER },
    ],
  ]
  for (const identities of others) {
    assert.equal(await codeOf(model, bundle, root, identities), 'identity-not-allowed')
  }
  const other = await newSigstore()
  assert.equal(await codeOf(model, bundle, other.root), 'sigstore-untrusted')
  await writeFiles(model, { 'b/c': 'changed' })
  assert.equal(await codeOf(model, bundle, root), 'files-differ')
})

test('a keyless bundle without its log entry, with that of another, or changed, is refused', async (t) => {
  const model = await newModel(t, { 'a.bin': 'a' })
  const { root, bundleOf } = await newSigstore()
  const text = await bundleOf(model)
  const another = JSON.parse(await bundleOf(model))
  const edits: readonly ((bundle: LooseBundle) => void)[] = [
    (b) => (b['verificationMaterial'].tlogEntries = []),
    (b) => (b['verificationMaterial'].tlogEntries = another.verificationMaterial.tlogEntries),
    (b) => (b['verificationMaterial'].certificate = another.verificationMaterial.certificate),
    (b) => (b['dsseEnvelope'].signatures = another.dsseEnvelope.signatures),
    (b) => (b['verificationMaterial'].tlogEntries[0].integratedTime = '1'),
    (b) => delete b['verificationMaterial'].tlogEntries[0].inclusionPromise,
    (b) => (b['verificationMaterial'].tlogEntries[0].logIndex = '1'),
    (b) => {
      const payload = Buffer.from(b['dsseEnvelope'].payload, 'base64').toString()
      b['dsseEnvelope'].payload = Buffer.from(payload.replace('a.bin', 'b.bin')).toString('base64')
    },
  ]
  for (const edit of edits) {
    const bundle = JSON.parse(text)
    edit(bundle)
    const code = await codeOf(model, JSON.stringify(bundle), root)
    assert.equal(code, 'sigstore-untrusted', String(edit))
  }
})

test('the shipped trust root is read, has its source, and is what was retrieved', () => {
  assert.notEqual(shippedTrustRoot(), null)
  assert.equal(readTrustRoot('{}'), null)
  assert.equal(readTrustRoot('nothing'), null)
})
