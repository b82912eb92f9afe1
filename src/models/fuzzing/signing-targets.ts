import { generateKeyPairSync } from 'node:crypto'
import { writeBundle } from '../signing/bundle.ts'
import { readCertificate, readCertificates, type Certificate } from '../signing/certificate.ts'
import { trustLeaf } from '../signing/certificate-chain.ts'
import { readIdentityPattern, matchesIdentity } from '../signing/identity-pattern.ts'
import {
  curveKey,
  keyHint,
  readPrivateKey,
  readPublicKey,
  signPayload,
  type CurveKey,
} from '../signing/key.ts'
import { readResourceName } from '../signing/resource-name.ts'
import { readTrustRoot } from '../signing/sigstore.ts'
import { rootDigest, writeStatement } from '../signing/statement.ts'
import { verifyBundle, type Trust } from '../signing/verify-model.ts'
import type { FuzzTarget } from './fuzz-target.ts'

/** What the keyless targets start from: whoever makes them needs a Sigstore of their own. */
export interface KeylessSeed {
  readonly bundles: readonly string[]
  readonly root: string
  readonly identity: { readonly identity: string; readonly issuer: string }
  /** DER. */
  readonly certificates: readonly Buffer[]
}

function newKey(): {
  readonly privateKey: CurveKey
  readonly publicKey: CurveKey
  readonly pems: readonly string[]
} {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const [privateKey, publicKey] = [curveKey(pair.privateKey), curveKey(pair.publicKey)]
  if (privateKey === null || publicKey === null) throw new Error('no key')
  const pems = [
    String(pair.privateKey.export({ type: 'pkcs8', format: 'pem' })),
    String(pair.privateKey.export({ type: 'sec1', format: 'pem' })),
    String(pair.publicKey.export({ type: 'spki', format: 'pem' })),
  ]
  return { privateKey, publicKey, pems }
}

const DIGEST = 'ab'.repeat(32)
const statement = (): string => {
  const resources = ['a', 'b/c', 'weights-1.bin'].map((name) => ({
    name,
    algorithm: 'sha256' as const,
    digest: DIGEST,
  }))
  return writeStatement({
    modelName: 'm',
    resources,
    serialization: {
      method: 'files',
      hashType: 'sha256',
      shardBytes: null,
      allowSymlinks: false,
      ignorePaths: ['.git'],
    },
  })
}

/** A statement that its own signer made odd: everything behind the signature must hold too. */
const signedStatements = (): FuzzTarget => {
  const { privateKey, publicKey } = newKey()
  const shards = statement()
    .replace('"files"', '"shards","shard_size":10')
    .replaceAll('"name":"a"', '"name":"a:0:10"')
  return {
    name: 'signing: statements, signed as they are',
    shape: 'json',
    seeds: [
      Buffer.from(statement()),
      Buffer.from(shards),
      Buffer.from(statement().replace('signature/v1.0', 'x')),
    ],
    run(input) {
      const bundle = writeBundle(
        { publicKeyHint: keyHint(publicKey.key) },
        input,
        signPayload(privateKey, input),
      )
      const verified = verifyBundle(bundle, { method: 'key', key: publicKey }, 0, true)
      if (!verified.ok) return verified.error.code
      const { manifest } = verified.value
      const isSafe = manifest.resources.every(({ name }) => {
        const read = readResourceName(name, manifest.serialization.method)
        return read !== null && !read.path.split('/').includes('..') && !read.path.startsWith('/')
      })
      if (!isSafe) throw new Error('a name outside the model')
      return rootDigest(manifest.resources).length === 64 ? 'ok' : 'odd'
    },
  }
}

const bundles = (name: string, seeds: readonly string[], trust: Trust): FuzzTarget => {
  const payloads = new Set(seeds.map((seed) => payloadOf(seed)))
  return {
    name: `signing: ${name}`,
    shape: 'json',
    seeds: seeds.map((seed) => Buffer.from(seed)),
    run(input) {
      const text = input.toString('utf8')
      const verified = verifyBundle(text, trust, Date.now(), true)
      if (!verified.ok) return verified.error.code
      // what verifies was signed
      if (!payloads.has(payloadOf(text))) throw new Error('forged')
      return 'ok'
    },
  }
}

function payloadOf(bundle: string): string {
  const read = JSON.parse(bundle)
  return Buffer.from(String(read.dsseEnvelope?.payload), 'base64').toString('hex')
}

const keyBundles = (): FuzzTarget => {
  const { privateKey, publicKey } = newKey()
  const payload = Buffer.from(statement())
  const made = writeBundle(
    { publicKeyHint: keyHint(publicKey.key) },
    payload,
    signPayload(privateKey, payload),
  )
  return bundles('bundles with a key', [made], { method: 'key', key: publicKey })
}

const certificates = (seeds: readonly Buffer[]): FuzzTarget => ({
  name: 'signing: certificates',
  shape: 'bytes',
  seeds,
  run(input) {
    const read = readCertificate(input)
    readCertificates(input.toString('latin1'))
    if (read === null) return 'none'
    const known = seeds
      .map((seed) => readCertificate(seed))
      .filter((one): one is Certificate => one !== null)
    const key = trustLeaf(read, known, [...known, read], Date.now())
    return key.ok ? 'ok' : key.error.code
  },
})

const keys = (): FuzzTarget => ({
  name: 'signing: keys',
  shape: 'bytes',
  seeds: newKey().pems.map((pem) => Buffer.from(pem)),
  run(input) {
    const text = input.toString('latin1')
    const read = readPublicKey(text)
    const own = readPrivateKey(text)
    return read.ok || own.ok ? 'ok' : read.error.code
  },
})

const patterns = (): FuzzTarget => ({
  name: 'signing: patterns of identities',
  shape: 'bytes',
  seeds: ['https://github.com/acme/*/.github/workflows/r.yml@refs/tags/**', '*@acme.example'].map(
    (text) => Buffer.from(text),
  ),
  run(input) {
    const text = input.toString('utf8')
    const pattern = readIdentityPattern(text)
    if (pattern === null) return 'none'
    return matchesIdentity(pattern, text.replaceAll('*', 'x')) ? 'matches' : 'differs'
  },
})

const roots = (root: string): FuzzTarget => ({
  name: 'signing: trust roots',
  shape: 'json',
  seeds: [Buffer.from(root)],
  run: (input) => (readTrustRoot(input.toString('utf8')) === null ? 'none' : 'root'),
})

/** Bundles, statements, certificates, keys and trust roots. */
export function signingTargets(seed: KeylessSeed): readonly FuzzTarget[] {
  const root = readTrustRoot(seed.root)
  if (root === null) throw new Error('no root')
  const trust: Trust = { method: 'sigstore', root, identities: [seed.identity] }
  return [
    signedStatements(),
    keyBundles(),
    bundles('keyless bundles', seed.bundles, trust),
    certificates(seed.certificates),
    keys(),
    patterns(),
    roots(seed.root),
  ]
}
