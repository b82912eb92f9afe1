import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { writeBundle } from './bundle.ts'
import { printable } from '#kernel/printable.ts'
import { describeSigning } from './describe.ts'
import { keyHint, readPrivateKey, readPublicKey, signPayload } from './key.ts'
import { SIGNING_CODES } from './problem.ts'
import { readResourceName } from './resource-name.ts'
import { newKeyPair, type LooseBundle } from './signing.fixture.ts'
import { PREDICATE_TYPE, STATEMENT_TYPE, rootDigest } from './statement.ts'
import { verifyBundle } from './verify-model.ts'

const PAIR = newKeyPair()
const DIGEST = 'ab'.repeat(32)

interface Told {
  _type: string
  subject: unknown
  predicateType: string
  predicate: { serialization: unknown; resources: unknown }
}

const statement = (): Told => ({
  _type: STATEMENT_TYPE,
  subject: [{ name: 'm', digest: { sha256: rootDigest([{ digest: DIGEST }]) } }],
  predicateType: PREDICATE_TYPE,
  predicate: {
    serialization: { method: 'files', hash_type: 'sha256', allow_symlinks: false, later: 1 },
    resources: [{ name: 'a', algorithm: 'sha256', digest: DIGEST }],
  },
})

const bundleOf = (told: unknown): string => {
  const payload = Buffer.from(typeof told === 'string' ? told : JSON.stringify(told))
  return writeBundle(
    { publicKeyHint: keyHint(PAIR.publicKey.key) },
    payload,
    signPayload(PAIR.privateKey, payload),
  )
}

const codeOf = (text: string): string => {
  const verified = verifyBundle(text, { method: 'key', key: PAIR.publicKey }, 0)
  return verified.ok ? 'ok' : verified.error.code
}

/** The bundle with one part of it replaced. */
const edited = (edit: (bundle: LooseBundle) => void): string => {
  const bundle = JSON.parse(bundleOf(statement()))
  edit(bundle)
  return JSON.stringify(bundle)
}

test('a bundle that is cut, empty, of another kind or without a signature is told apart', () => {
  const whole = bundleOf(statement())
  assert.equal(codeOf(whole), 'ok')
  for (const text of ['', '{', '[]', 'null', '"x"', whole.slice(0, 100), '{}']) {
    assert.equal(codeOf(text), 'bundle-malformed')
  }
  const cases: readonly (readonly [string, (bundle: LooseBundle) => void])[] = [
    [
      'bundle-unsupported',
      (b) => (b['mediaType'] = 'application/vnd.dev.sigstore.bundle+json;version=0.1'),
    ],
    ['bundle-malformed', (b) => delete b['dsseEnvelope']],
    ['no-signature', (b) => (b['dsseEnvelope'].signatures = [])],
    ['no-signature', (b) => (b['dsseEnvelope'].signatures[0].sig = '')],
    ['bundle-malformed', (b) => b['dsseEnvelope'].signatures.push(b['dsseEnvelope'].signatures[0])],
    ['statement-unsupported', (b) => (b['dsseEnvelope'].payloadType = 'text/plain')],
    ['bundle-malformed', (b) => (b['verificationMaterial'] = {})],
    ['bundle-malformed', (b) => (b['verificationMaterial'].certificate = { rawBytes: 'AAAA' })],
    ['method-mismatch', (b) => (b['verificationMaterial'] = { certificate: { rawBytes: 'AAAA' } })],
    ['key-mismatch', (b) => (b['verificationMaterial'].publicKey.hint = DIGEST)],
    ['ok', (b) => (b['verificationMaterial'].publicKey = { rawBytes: 'AAAA', keyDetails: 'x' })],
    ['ok', (b) => delete b['dsseEnvelope'].signatures[0].keyid],
    ['ok', (b) => (b['dsseEnvelope'].signatures[0].keyid = null)],
  ]
  for (const [code, edit] of cases)
    assert.equal(codeOf(edited(edit)), code, `${code}: ${String(edit)}`)
})

test('what is signed must be a v1.0 list of files that agrees with itself', () => {
  const cases: readonly (readonly [string, (told: Told) => void])[] = [
    ['statement-unsupported', (s) => (s.predicateType = 'https://model_signing/Digests/v0.1')],
    ['statement-unsupported', (s) => (s._type = 'https://in-toto.io/Statement/v0.1')],
    ['statement-malformed', (s) => (s.predicate.resources = [])],
    ['statement-malformed', (s) => (s.subject = [])],
    [
      'statement-malformed',
      (s) => (s.subject = [...(s.subject as unknown[]), ...(s.subject as unknown[])]),
    ],
    ['manifest-inconsistent', (s) => (s.subject = [{ name: 'm', digest: { sha256: DIGEST } }])],
    [
      'algorithm-unsupported',
      (s) => (s.predicate.resources = [{ name: 'a', algorithm: 'md5', digest: DIGEST }]),
    ],
    [
      'algorithm-unsupported',
      (s) =>
        (s.predicate.serialization = {
          method: 'files',
          hash_type: 'blake3',
          allow_symlinks: false,
        }),
    ],
    ...['../a', '/a', 'a/../b', 'a//b', './a', 'a\0b', ''].map(
      (name) =>
        [
          'statement-malformed',
          (s: Told): void => {
            s.predicate.resources = [{ name, algorithm: 'sha256', digest: DIGEST }]
          },
        ] as const,
    ),
    [
      'statement-malformed',
      (s) =>
        (s.predicate.resources = [1, 2].map(() => ({
          name: 'a',
          algorithm: 'sha256',
          digest: DIGEST,
        }))),
    ],
  ]
  for (const [code, edit] of cases) {
    const told = statement()
    edit(told)
    assert.equal(codeOf(bundleOf(told)), code, `${code}: ${String(edit)}`)
  }
  assert.equal(codeOf(bundleOf('not json')), 'statement-malformed')
})

test('no change of a single byte of a bundle is verified as something else', () => {
  const whole = bundleOf(statement())
  const before = verifyBundle(whole, { method: 'key', key: PAIR.publicKey }, 0)
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
      const bytes = Buffer.from(whole)
      bytes[at] = byte
      const after = verifyBundle(bytes.toString('utf8'), { method: 'key', key: PAIR.publicKey }, 0)
      // keyid, hints of no meaning and spare bits of base64 may change: what is signed may not
      if (after.ok) assert.deepEqual(after, before)
    }),
    { numRuns: 3000 },
  )
})

test('a signature over another encoding of the same bytes is refused', () => {
  const payload = Buffer.from(JSON.stringify(statement()))
  for (const other of [
    payload,
    Buffer.from(
      `DSSEv1 28 application/vnd.in-toto+json ${payload.length} b'${payload.toString()}'`,
    ),
  ]) {
    const signature = signPayload(PAIR.privateKey, other.equals(payload) ? Buffer.from('x') : other)
    const text = writeBundle({ publicKeyHint: keyHint(PAIR.publicKey.key) }, payload, signature)
    assert.equal(codeOf(text), 'signature-invalid')
  }
})

test('names of shards are read from their end; what leads elsewhere is no name', () => {
  assert.deepEqual(readResourceName('a:b:0:5', 'shards'), {
    path: 'a:b',
    shard: { start: 0, end: 5 },
  })
  for (const name of [
    'a',
    'a:0',
    'a:5:5',
    'a:6:5',
    'a:-1:5',
    '../a:0:5',
    'a:0:99999999999999999',
  ]) {
    assert.equal(readResourceName(name, 'shards'), null)
  }
})

test('keys that cannot sign models are told by what they are', () => {
  assert.equal(readPublicKey('nothing').ok, false)
  const encrypted = readPrivateKey(
    '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----',
  )
  assert.deepEqual(encrypted, { ok: false, error: { code: 'key-encrypted' } })
  const { publicKey } = newKeyPair()
  const pem = publicKey.key.export({ type: 'spki', format: 'pem' }).toString()
  assert.equal(readPublicKey(pem).ok, true)
  assert.equal(readPrivateKey(pem).ok, false)
})

test('every problem has words in both languages, and names cannot steer a terminal', () => {
  for (const code of SIGNING_CODES) {
    for (const language of ['en', 'fr'] as const) {
      const { message, remedy } = describeSigning({ code, detail: {} }, language)
      assert.ok(message.length > 10 && remedy.length > 5)
    }
  }
  assert.equal(printable('a\u001b[2Jb\u202ec\n'), 'a\\u{1b}[2Jb\\u{202e}c\\u{a}')
})
