// The cases of the public conformance suite of model signing, made anew: models, keys, chains and spoiled bundles, each
// through the words that an adapter of the suite gives. Keyless signing needs services online and is not among them.
//   node bench/oms-cases.ts
import 'reflect-metadata'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash, webcrypto } from 'node:crypto'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import * as x509 from '@peculiar/x509'
import { z } from 'zod'
import { CERTIFICATE_CASES, MODELS, ROUND_TRIPS, SPOILED, type Change } from './oms-cases-data.ts'

x509.cryptoProvider.set(webcrypto)

const program = resolve(import.meta.dirname, '../bin/ecluse.mjs')
const home = mkdtempSync(join(tmpdir(), 'oms-cases-'))
const at = (...parts: string[]): string => join(home, ...parts)

const oms = (...args: readonly string[]): { readonly code: number; readonly said: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'oms', ...args], {
    env: { ...process.env, ECLUSE_HOME: at('home') },
    encoding: 'utf8',
  })
  return { code: status ?? -1, said: `${stdout}${stderr}` }
}

type KeyPairOf = x509.X509CertificateCreateSelfSignedParams['keys']

interface Issued {
  readonly certificate: x509.X509Certificate
  readonly keys: KeyPairOf
}

const YEAR = 365 * 86_400_000
const LEAF = [
  new x509.BasicConstraintsExtension(false, undefined, true),
  new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
]
const SIGNER = [...LEAF, new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.3'])]
const AUTHORITY = [
  new x509.BasicConstraintsExtension(true, undefined, true),
  new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
]
const LASTS = { now: [-1, 1], past: [-7, -6], future: [1, 2] } as const
type Lasts = keyof typeof LASTS

async function issue(
  name: string,
  lasts: Lasts,
  extensions: readonly x509.Extension[],
  by?: Issued,
  curve = 'P-384',
): Promise<Issued> {
  const algorithm = { name: 'ECDSA', namedCurve: curve, hash: 'SHA-384' }
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ])) as KeyPairOf
  const [from, until] = LASTS[lasts]
  const shared = {
    notBefore: new Date(Date.now() + from * YEAR),
    notAfter: new Date(Date.now() + until * YEAR),
    signingAlgorithm: algorithm,
    extensions: [...extensions],
  }
  const certificate = by
    ? await x509.X509CertificateGenerator.create({
        ...shared,
        subject: `CN=${name}`,
        issuer: by.certificate.subject,
        publicKey: keys.publicKey,
        signingKey: by.keys.privateKey,
      })
    : await x509.X509CertificateGenerator.createSelfSigned({ ...shared, name: `CN=${name}`, keys })
  return { certificate, keys }
}

const pem = (label: string, bytes: ArrayBuffer): string => x509.PemConverter.encode(bytes, label)

/** Writes a group of the suite: key, certificate, chain and root, as far as it has them. */
async function keep(group: string, leaf: Issued, chain: readonly Issued[]): Promise<void> {
  mkdirSync(at('keys', group), { recursive: true })
  const { subtle } = webcrypto
  const key = at('keys', group, 'key.pem')
  writeFileSync(key, pem('PRIVATE KEY', await subtle.exportKey('pkcs8', leaf.keys.privateKey)))
  const publicKey = await subtle.exportKey('spki', leaf.keys.publicKey)
  writeFileSync(at('keys', group, 'key.pub'), pem('PUBLIC KEY', publicKey))
  for (const [index, { certificate }] of [leaf, ...chain].entries()) {
    writeFileSync(at('keys', group, `${index}.crt`), certificate.toString('pem'))
  }
}

async function makeKeys(): Promise<void> {
  for (const curve of ['P-256', 'P-384', 'P-521']) {
    await keep(curve, await issue(curve, 'now', SIGNER, undefined, curve), [])
  }
  const alone = await issue('alone', 'now', SIGNER, undefined, 'P-256')
  await keep('self-signed', alone, [alone])
  const root = await issue('root', 'now', AUTHORITY)
  const between = await issue('between', 'now', AUTHORITY, root)
  await keep('certificate', await issue('leaf', 'now', SIGNER, between), [between, root])
  const stranger = await issue('stranger', 'now', AUTHORITY)
  await keep('wrong', await issue('leaf', 'now', SIGNER, stranger), [stranger, stranger])
  for (const { group, leaf, between: middle, root: top, codeSigning } of CERTIFICATE_CASES) {
    const first = top === 'now' ? root : await issue('root', top, AUTHORITY)
    const second = await issue('between', middle, AUTHORITY, first)
    const last = await issue('leaf', leaf, codeSigning ? SIGNER : LEAF, second)
    await keep(group, last, [second, first])
  }
}

function makeModel(name: string, place: string): string {
  const files = MODELS[name]
  assert.ok(files, name)
  const model = at(place, 'model')
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(model, file)), { recursive: true })
    writeFileSync(join(model, file), content)
  }
  return model
}

const signWords = (method: string, group: string): readonly string[] => [
  '--method',
  method,
  '--private-key',
  at('keys', group, 'key.pem'),
  ...(method === 'key'
    ? []
    : ['--signing-cert', at('keys', group, '0.crt'), '--cert-chain', at('keys', group, '1.crt')]),
]

const verifyWords = (method: string, group: string): readonly string[] => {
  const root = group === 'self-signed' ? '1.crt' : '2.crt'
  if (method === 'key') return ['--method', method, '--public-key', at('keys', group, 'key.pub')]
  if (method === 'certificate') return ['--method', method, '--cert-chain', at('keys', group, root)]
  const who = [
    '--identity',
    'test@example.com',
    '--identity-provider',
    'https://accounts.example.com',
  ]
  return ['--method', method, ...who]
}

const Resource = z.object({ name: z.string(), digest: z.string(), algorithm: z.string() })
const Statement = z.object({
  predicateType: z.literal('https://model_signing/signature/v1.0'),
  subject: z.tuple([z.object({ name: z.string(), digest: z.object({ sha256: z.string() }) })]),
  predicate: z.object({
    resources: z.array(Resource),
    serialization: z.object({ method: z.literal('files'), hash_type: z.string() }).loose(),
  }),
})
const Bundle = z.object({
  verificationMaterial: z.union([
    z.object({ publicKey: z.object({ hint: z.string().min(1) }) }),
    z.object({ x509CertificateChain: z.object({ certificates: z.array(z.unknown()).min(1) }) }),
  ]),
  dsseEnvelope: z.object({ payload: z.string() }),
})

/** What the suite says of every bundle it has a client make. */
function holds(bundle: string, model: string, signed?: readonly string[]): void {
  const { dsseEnvelope } = Bundle.parse(JSON.parse(readFileSync(bundle, 'utf8')))
  const text = Buffer.from(dsseEnvelope.payload, 'base64').toString()
  const { subject, predicate } = Statement.parse(JSON.parse(text))
  const names = predicate.resources.map(({ name }) => name)
  assert.deepEqual(names, names.toSorted(byCodePoints))
  assert.ok(!names.includes(relative(model, bundle)))
  for (const name of names) assert.doesNotMatch(`/${name}/`, /\/\/|\/\.\.?\//)
  const root = createHash('sha256')
  for (const { digest } of predicate.resources) root.update(Buffer.from(digest, 'hex'))
  assert.equal(subject[0].digest.sha256, root.digest('hex'))
  assert.equal(subject[0].name, 'model')
  assert.ok(!('shard_size' in predicate.serialization))
  const { hash_type } = predicate.serialization
  assert.ok(predicate.resources.every(({ algorithm }) => algorithm === hash_type))
  if (signed) assert.deepEqual(names, signed)
}

const byCodePoints = (a: string, b: string): number =>
  Buffer.compare(Buffer.from(a), Buffer.from(b))

let failures = 0
let count = 0
function told(id: string, problem: string | null): void {
  count += 1
  if (problem !== null) failures += 1
  process.stdout.write(
    `${problem === null ? 'ok    ' : 'FAILED'} ${id}${problem === null ? '' : `: ${problem}`}\n`,
  )
}

const ignoring = (model: string, paths: readonly string[]): readonly string[] =>
  paths.flatMap((path) => ['--ignore-paths', join(model, path)])

function roundTrip(case_: (typeof ROUND_TRIPS)[number]): string | null {
  const {
    id,
    method,
    model: name,
    group,
    ignored = [],
    signed,
    links = {},
    inside,
    unsigned,
  } = case_
  const model = makeModel(name, id)
  for (const [link, target] of Object.entries(links)) symlinkSync(target, join(model, link))
  const bundle = inside ? join(model, 'bundle.sig') : at(id, 'bundle.sig')
  const sign = (out: string) =>
    oms(
      'sign-model',
      '--model-path',
      model,
      '--output-bundle',
      out,
      ...signWords(method, group),
      ...ignoring(model, ignored),
    )
  const first = sign(bundle)
  if (case_.isRefused) return first.code === 0 ? 'it was signed' : null
  if (first.code !== 0) return first.said
  try {
    holds(bundle, model, signed)
  } catch (error) {
    return String(error)
  }
  if (unsigned) writeFileSync(join(model, 'injected.bin'), 'injected after signing\n')
  const more = unsigned ? ['--ignore-unsigned-files'] : []
  const verified = oms(
    'verify-model',
    '--model-path',
    model,
    '--bundle',
    bundle,
    ...verifyWords(method, group),
    ...ignoring(model, ignored),
    ...more,
  )
  if (verified.code !== 0) return verified.said
  if (id !== 'key-simple-deterministic') return null
  const again = at(id, 'again.sig')
  if (sign(again).code !== 0) return 'not signed again'
  const payload = (path: string): string =>
    Bundle.parse(JSON.parse(readFileSync(path, 'utf8'))).dsseEnvelope.payload
  return payload(bundle) === payload(again) ? null : 'another statement'
}

/** A value set or taken away, in the bundle or in what is signed. */
function changed(text: string, change: Change): string {
  if ('text' in change) return change.text
  if ('first' in change) return text.slice(0, change.first)
  const bundle = JSON.parse(text)
  const payload = change.in === 'payload'
  const inside = payload
    ? JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString())
    : bundle
  const names = change.path.split('.')
  const last = names.pop() ?? ''
  const parent = names.reduce((value, name) => value[name], inside)
  if ('value' in change) parent[last] = change.value
  else delete parent[last]
  if (payload)
    bundle.dsseEnvelope.payload = Buffer.from(JSON.stringify(inside, null, 2)).toString('base64')
  return JSON.stringify(bundle)
}

/** A bundle signed well, then verified as something else, over other files, or spoiled: refused, and told so without a fault of ours. */
function refused(case_: (typeof SPOILED)[number]): string | null {
  const { id, signedAs, verifiedAs, by = 'certificate', change, files } = case_
  const model = makeModel('simple', id)
  const bundle = at(id, 'bundle.sig')
  cpSync(at(`source-${signedAs}.sig`), bundle)
  if (change) writeFileSync(bundle, changed(readFileSync(bundle, 'utf8'), change))
  for (const [file, content] of Object.entries(files ?? {})) {
    if (content === null) rmSync(join(model, file))
    else writeFileSync(join(model, file), content)
  }
  const words = [
    'verify-model',
    '--model-path',
    model,
    '--bundle',
    bundle,
    ...verifyWords(verifiedAs, by),
  ]
  const more = case_.unsigned ? ['--ignore-unsigned-files'] : []
  const { code, said } = oms(...words, ...ignoring(model, ['ignore-me']), ...more)
  if (case_.isFine) return code === 0 ? null : said
  return code === 1 || code === 2 ? null : `exit code ${code}: ${said}`
}

function badChain({ group }: (typeof CERTIFICATE_CASES)[number]): string | null {
  const model = makeModel('simple', group)
  const bundle = at(group, 'bundle.sig')
  // a client may refuse to sign with it: then there is nothing to verify
  const words = [
    '--model-path',
    model,
    '--output-bundle',
    bundle,
    ...signWords('certificate', group),
  ]
  const signed = oms('sign-model', ...words)
  if (signed.code !== 0) return null
  const verify = oms(
    'verify-model',
    '--model-path',
    model,
    '--bundle',
    bundle,
    ...verifyWords('certificate', group),
  )
  return verify.code === 1 ? null : `exit code ${verify.code}: ${verify.said}`
}

await makeKeys()
for (const method of ['key', 'certificate']) {
  const model = makeModel('simple', `source-${method}`)
  const words = ['--output-bundle', at(`source-${method}.sig`), ...signWords(method, 'certificate')]
  const { code, said } = oms(
    'sign-model',
    '--model-path',
    model,
    ...words,
    ...ignoring(model, ['ignore-me']),
  )
  assert.equal(code, 0, said)
}
for (const case_ of ROUND_TRIPS) told(case_.id, roundTrip(case_))
for (const case_ of SPOILED) told(case_.id, refused(case_))
for (const case_ of CERTIFICATE_CASES) told(`certificate-${case_.group}`, badChain(case_))
rmSync(home, { recursive: true })
process.stdout.write(
  failures === 0 ? `all ${count} as they should be\n` : `${failures} of ${count} are not\n`,
)
process.exitCode = failures === 0 ? 0 : 1
