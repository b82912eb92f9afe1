// the generator of certificates asks for it before it is loaded
import 'reflect-metadata'
import assert from 'node:assert/strict'
import { KeyObject, webcrypto } from 'node:crypto'
import { test } from 'node:test'
import * as x509 from '@peculiar/x509'
import { readCertificate, readCertificates, type Certificate } from './certificate.ts'
import { trustLeaf } from './certificate-chain.ts'
import { curveKey } from './key.ts'
import { signModel } from './sign-model.ts'
import { newModel } from './signing.fixture.ts'
import { verifyModel } from './verify-model.ts'

x509.cryptoProvider.set(webcrypto)

const NOW = Date.parse('2026-11-22T12:00:00Z')
const DAY = 86_400_000
const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

interface Issued {
  readonly certificate: x509.X509Certificate
  readonly keys: CryptoKeyPair
}

type CryptoKeyPair = x509.X509CertificateCreateSelfSignedParams['keys']

interface Asked {
  readonly name: string
  readonly by?: Issued
  readonly from?: number
  readonly until?: number
  readonly extensions: readonly x509.Extension[]
}

async function issue({ name, by, from = -DAY, until = DAY, extensions }: Asked): Promise<Issued> {
  const keys = (await webcrypto.subtle.generateKey(P256, true, ['sign', 'verify'])) as CryptoKeyPair
  const shared = {
    subject: `CN=${name}`,
    notBefore: new Date(NOW + from),
    notAfter: new Date(NOW + until),
    signingAlgorithm: P256,
    extensions: [...extensions],
  }
  const certificate = by
    ? await x509.X509CertificateGenerator.create({
        ...shared,
        issuer: by.certificate.subject,
        publicKey: keys.publicKey,
        signingKey: by.keys.privateKey,
      })
    : await x509.X509CertificateGenerator.createSelfSigned({ ...shared, name: `CN=${name}`, keys })
  return { certificate, keys }
}

const authority = (length?: number): readonly x509.Extension[] => [
  new x509.BasicConstraintsExtension(true, length, true),
  new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
]
const SIGNATURE = new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true)
const CODE_SIGNING = new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.3'])
const SIGNER = [SIGNATURE, CODE_SIGNING]

function known({ certificate }: Issued): Certificate {
  const read = readCertificate(certificate.toString('pem'))
  assert.ok(read !== null)
  return read
}

const codeOf = (
  leaf: Issued,
  given: readonly Issued[],
  trusted: readonly Issued[],
  now = NOW,
): string => {
  const key = trustLeaf(known(leaf), given.map(known), trusted.map(known), now)
  return key.ok ? 'ok' : key.error.code
}

test('a chain to a trusted root is trusted, in any order; without its link, or by another root, it is not', async () => {
  const root = await issue({ name: 'root', extensions: authority() })
  const one = await issue({ name: 'one', by: root, extensions: authority() })
  const two = await issue({ name: 'two', by: one, extensions: authority(0) })
  const leaf = await issue({ name: 'leaf', by: two, extensions: SIGNER })
  assert.equal(codeOf(leaf, [one, two], [root]), 'ok')
  assert.equal(codeOf(leaf, [two, one, root], [root]), 'ok')
  assert.equal(codeOf(leaf, [two], [root, one]), 'ok')
  assert.equal(codeOf(leaf, [two], [root]), 'certificate-untrusted')
  const other = await issue({ name: 'root', extensions: authority() })
  assert.equal(codeOf(leaf, [one, two], [other]), 'certificate-untrusted')
  // a root of the bundle's own is no root of ours
  assert.equal(codeOf(leaf, [one, two, root], [other]), 'certificate-untrusted')
  // one that is not a root does not end a chain
  assert.equal(codeOf(leaf, [one, two], [two]), 'no-trust-anchor')
})

test('certificates that may not vouch do not: no authority, a path too long, an unknown critical extension', async () => {
  const root = await issue({ name: 'root', extensions: authority() })
  const plain = await issue({ name: 'plain', by: root, extensions: SIGNER })
  const forged = await issue({ name: 'forged', by: plain, extensions: SIGNER })
  assert.equal(codeOf(forged, [plain], [root]), 'certificate-untrusted')
  const short = await issue({ name: 'short', by: root, extensions: authority(0) })
  const below = await issue({ name: 'below', by: short, extensions: authority() })
  const deep = await issue({ name: 'deep', by: below, extensions: SIGNER })
  assert.equal(codeOf(deep, [below, short], [root]), 'certificate-untrusted')
  const unknown = new x509.Extension('1.2.3.4.5', true, new Uint8Array([5, 0]))
  const odd = await issue({ name: 'odd', by: root, extensions: [...SIGNER, unknown] })
  assert.equal(codeOf(odd, [], [root]), 'certificate-untrusted')
})

test('a certificate counts while it is valid, by the clock given; and only for what it may do', async () => {
  const root = await issue({ name: 'root', until: 400 * DAY, extensions: authority() })
  const leaf = await issue({ name: 'leaf', by: root, extensions: SIGNER })
  assert.equal(codeOf(leaf, [], [root], NOW + 2 * DAY), 'certificate-expired')
  assert.equal(codeOf(leaf, [], [root], NOW - 2 * DAY), 'certificate-early')
  const old = await issue({ name: 'old', until: -DAY / 2, extensions: authority() })
  const under = await issue({ name: 'under', by: old, extensions: SIGNER })
  assert.equal(codeOf(under, [], [old]), 'certificate-expired')
  const agreeing = new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyAgreement, true)
  const server = new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.1'])
  for (const extensions of [
    [agreeing],
    [agreeing, CODE_SIGNING],
    [SIGNATURE],
    [SIGNATURE, server],
    [],
  ]) {
    const mute = await issue({ name: 'mute', by: root, extensions })
    assert.equal(codeOf(mute, [], [root]), 'certificate-unusable')
  }
  const coder = await issue({
    name: 'coder',
    by: root,
    extensions: [CODE_SIGNING],
  })
  assert.equal(codeOf(coder, [], [root]), 'ok')
})

test('a self-signed certificate signs and is its own root; a model is verified by it and by no other', async (t) => {
  const model = await newModel(t, { 'a.bin': 'a' })
  const self = await issue({ name: 'self', extensions: SIGNER })
  const key = curveKey(KeyObject.from(self.keys.privateKey as webcrypto.CryptoKey))
  assert.ok(key !== null)
  const request = {
    model,
    output: `${model}.sig`,
    ignorePaths: [],
    allowSymlinks: false,
    shardBytes: null,
    hashType: 'sha256',
    identity: { method: 'certificate', key, leaf: known(self), above: [] },
  } as const
  const signed = await signModel(request)
  assert.ok(signed.ok)
  const verified = async (trusted: Issued): Promise<string> => {
    const outcome = await verifyModel({
      model,
      bundle: signed.value.bundle,
      bundlePath: null,
      ignorePaths: [],
      now: NOW,
      ignoreUnsigned: false,
      trust: { method: 'certificate', certificates: [known(trusted)] },
    })
    return outcome.ok ? outcome.value.signer.method : outcome.error.code
  }
  assert.equal(await verified(self), 'certificate')
  const other = await issue({ name: 'self', extensions: SIGNER })
  assert.equal(await verified(other), 'certificate-untrusted')
  const mixed = await signModel({
    ...request,
    identity: { ...request.identity, leaf: known(other) },
  })
  assert.equal(mixed.ok ? 'ok' : mixed.error.code, 'key-not-of-certificate')
})

test('a text with one certificate that cannot be read gives none', async () => {
  const root = await issue({ name: 'root', extensions: authority() })
  const pem = root.certificate.toString('pem')
  assert.equal(readCertificates(`${pem}\n${pem}`)?.length, 2)
  assert.equal(
    readCertificates(`${pem}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----`),
    null,
  )
  assert.equal(readCertificates('nothing'), null)
})

test('authorities that all vouch for each other are given up on, and the root beside them is still found', async () => {
  const first = await issue({ name: 'ring', extensions: authority() })
  // one name and one key: each of them is an issuer of all the others, by any number of ways
  const ring = await Promise.all(
    Array.from({ length: 19 }, (_, at) =>
      x509.X509CertificateGenerator.create({
        serialNumber: String(at + 10),
        subject: 'CN=ring',
        issuer: 'CN=ring',
        notBefore: new Date(NOW - DAY),
        notAfter: new Date(NOW + DAY),
        signingAlgorithm: P256,
        publicKey: first.keys.publicKey,
        signingKey: first.keys.privateKey,
        extensions: [...authority()],
      }),
    ),
  )
  const given = ring.map((certificate) => ({ certificate, keys: first.keys }))
  const leaf = await issue({ name: 'leaf', by: first, extensions: SIGNER })
  const other = await issue({ name: 'other', extensions: authority() })
  assert.equal(codeOf(leaf, given, [other]), 'certificate-untrusted')
  assert.equal(codeOf(leaf, given, [first]), 'ok')
})

test('an authority for servers alone makes no signer of models', async () => {
  const root = await issue({ name: 'root', extensions: authority() })
  const among = (usage: string): Promise<Issued> =>
    issue({
      name: 'between',
      by: root,
      extensions: [...authority(), new x509.ExtendedKeyUsageExtension([usage])],
    })
  const cases = [
    ['1.3.6.1.5.5.7.3.1', 'certificate-untrusted'],
    ['1.3.6.1.5.5.7.3.3', 'ok'],
    ['2.5.29.37.0', 'ok'],
  ] as const
  for (const [usage, code] of cases) {
    const between = await among(usage)
    const leaf = await issue({ name: 'leaf', by: between, extensions: SIGNER })
    assert.equal(codeOf(leaf, [between], [root]), code, usage)
  }
})
