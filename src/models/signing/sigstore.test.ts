import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shippedTrustRoot } from './shipped-trust-root.ts'
import { newModel, writeFiles, type LooseBundle } from './signing.fixture.ts'
import { ALLOWED, IDENTITY, ISSUER, newSigstore, trustRootOf } from './sigstore.fixture.ts'
import { readIdentityPattern } from './identity-pattern.ts'
import { readTrustRoot, type AllowedIdentity, type Identity } from './sigstore.ts'
import { verifyModel } from './verify-model.ts'

async function codeOf(
  model: string,
  bundle: string,
  root: string,
  identities: readonly AllowedIdentity[] = [ALLOWED],
  now = 0,
): Promise<string> {
  const trust = readTrustRoot(root)
  assert.ok(trust !== null)
  const verified = await verifyModel({
    model,
    bundle,
    bundlePath: null,
    ignorePaths: [],
    ignoreUnsigned: false,
    now,
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

/** Days from the day of the test, ISO 8601. */
const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString()

test('a pattern of identities lets in who it names, with their issuer, and nobody else', async (t) => {
  const model = await newModel(t, { 'a.bin': 'a' })
  const { root, bundleOf } = await newSigstore()
  const bundle = await bundleOf(model)
  const allowed = (text: string, issuer = ISSUER): readonly AllowedIdentity[] => {
    const pattern = readIdentityPattern(text)
    assert.ok(pattern !== null)
    return [{ pattern, issuer }]
  }
  const release = 'https://github.com/acme/*/.github/workflows/release.yml@refs/heads/main'
  assert.equal(await codeOf(model, bundle, root, allowed(release)), 'ok')
  for (const identities of [
    allowed('https://github.com/acme/*'),
    allowed('https://github.com/other/**'),
    allowed(release, 'https://accounts.google.com'),
  ]) {
    assert.equal(await codeOf(model, bundle, root, identities), 'identity-not-allowed')
  }
})

test('bundles of earlier forms are read, with the certificate in a chain or alone', async (t) => {
  const model = await newModel(t, { 'a.bin': 'a' })
  const { root, bundleOf } = await newSigstore()
  const text = await bundleOf(model)
  for (const version of ['0.1', '0.2', '0.3']) {
    const bundle = JSON.parse(text)
    bundle.mediaType = `application/vnd.dev.sigstore.bundle+json;version=${version}`
    const { certificate } = bundle.verificationMaterial
    if (version !== '0.3') {
      delete bundle.verificationMaterial.certificate
      bundle.verificationMaterial.x509CertificateChain = { certificates: [certificate] }
    }
    assert.equal(await codeOf(model, JSON.stringify(bundle), root), 'ok', version)
    bundle.verificationMaterial.tlogEntries = []
    assert.equal(await codeOf(model, JSON.stringify(bundle), root), 'sigstore-untrusted', version)
  }
  const later = JSON.parse(text)
  later.mediaType = 'application/vnd.dev.sigstore.bundle.v0.4+json'
  assert.equal(await codeOf(model, JSON.stringify(later), root), 'bundle-unsupported')
})

test('the second kind of log is verified with the time of a timestamp authority, and not without', async (t) => {
  const model = await newModel(t, { 'a.bin': 'a' })
  const sigstore = await newSigstore()
  const text = await sigstore.bundleOfSecondLog(model)
  assert.equal(await codeOf(model, text, sigstore.root), 'ok')
  const other = await newSigstore()
  const another = JSON.parse(await sigstore.bundleOfSecondLog(model))
  const edits: readonly ((bundle: LooseBundle) => void)[] = [
    (b) => delete b['verificationMaterial'].timestampVerificationData,
    // a time that only the bundle says
    (b) => {
      delete b['verificationMaterial'].timestampVerificationData
      b['verificationMaterial'].tlogEntries[0].integratedTime = String(
        Math.floor(Date.now() / 1000),
      )
    },
    (b) => {
      const { timestampVerificationData } = another.verificationMaterial
      b['verificationMaterial'].timestampVerificationData = timestampVerificationData
    },
    (b) => (b['verificationMaterial'].tlogEntries = another.verificationMaterial.tlogEntries),
    (b) => {
      const stamp = b['verificationMaterial'].timestampVerificationData.rfc3161Timestamps[0]
      stamp.signedTimestamp = stamp.signedTimestamp.slice(0, 400)
    },
  ]
  for (const edit of edits) {
    const bundle = JSON.parse(text)
    edit(bundle)
    const code = await codeOf(model, JSON.stringify(bundle), sigstore.root)
    assert.equal(code, 'sigstore-untrusted', String(edit))
  }
  // the time of an authority that nobody named
  const mixed = trustRootOf({
    ...sigstore.parts(),
    timestampAuthorities: other.parts().timestampAuthorities,
  })
  assert.equal(await codeOf(model, text, mixed), 'sigstore-untrusted')
})

test('a root that changed its keys verifies what old and new ones signed, each in its window alone', async (t) => {
  const model = await newModel(t, { 'a.bin': 'a' })
  const [old, current] = [await newSigstore(), await newSigstore()]
  const both = trustRootOf(old.parts(), current.parts())
  const bundle = await old.bundleOf(model)
  assert.equal(await codeOf(model, bundle, both), 'ok')
  assert.equal(await codeOf(model, await current.bundleOf(model), both), 'ok')
  // revoked: taken out of the root
  assert.equal(await codeOf(model, bundle, trustRootOf(current.parts())), 'sigstore-untrusted')
  const [past, ahead] = [
    { start: day(-800), end: day(-400) },
    { start: day(400), end: day(800) },
  ]
  for (const window of [past, ahead]) {
    for (const part of ['authority', 'log'] as const) {
      const root = trustRootOf(old.parts({ [part]: window }), current.parts())
      assert.equal(await codeOf(model, bundle, root), 'sigstore-untrusted', part)
    }
    const stamped = await old.bundleOfSecondLog(model)
    const root = trustRootOf(old.parts({ timestamps: window }))
    assert.equal(await codeOf(model, stamped, root), 'sigstore-untrusted', 'timestamps')
  }
  const around = { start: day(-1), end: day(1) }
  const window = trustRootOf(old.parts({ authority: around, log: around, timestamps: around }))
  assert.equal(await codeOf(model, bundle, window), 'ok')
})

test('the time of the log counts, and not the clock of this machine, however wrong', async (t) => {
  const model = await newModel(t, { 'a.bin': 'a' })
  // a certificate of ten minutes, thirty days from now
  const sigstore = await newSigstore(new Date(day(30)))
  const bundles = [await sigstore.bundleOf(model), await sigstore.bundleOfSecondLog(model)]
  for (const bundle of bundles) {
    for (const now of [0, Date.parse(day(-3650)), Date.now(), Date.parse(day(3650))]) {
      assert.equal(await codeOf(model, bundle, sigstore.root, [ALLOWED], now), 'ok')
    }
  }
})
