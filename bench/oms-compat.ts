// Model signatures beside the reference implementation (`model_signing`, Python): each verifies what the other signed.
//   node bench/oms-compat.ts PYTHON        PYTHON: an interpreter where `pip install model-signing pyOpenSSL` was done
import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const python = process.argv[2] ?? 'python3'
const ecluse = resolve(import.meta.dirname, '../bin/ecluse.mjs')
const home = mkdtempSync(join(tmpdir(), 'oms-compat-'))
const openssl = (...args: string[]): void =>
  void execFileSync('openssl', args, { cwd: home, stdio: 'ignore' })

const EXTENSIONS = `[authority]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
[leaf]
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=codeSigning
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
`

function makeKeys(): void {
  for (const curve of ['prime256v1', 'secp384r1', 'secp521r1']) {
    openssl('ecparam', '-name', curve, '-genkey', '-noout', '-out', `${curve}.pem`)
    openssl('ec', '-in', `${curve}.pem`, '-pubout', '-out', `${curve}.pub`)
  }
  writeFileSync(join(home, 'ext.cnf'), EXTENSIONS)
  for (const name of ['root', 'between', 'leaf']) {
    openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`)
    openssl('req', '-new', '-key', `${name}.key`, '-subj', `/CN=${name}`, '-out', `${name}.csr`)
  }
  const issue = (name: string, kind: string, ...by: string[]): void =>
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-days',
      '30',
      '-extfile',
      'ext.cnf',
      '-extensions',
      kind,
      '-out',
      `${name}.crt`,
      ...by,
    )
  issue('root', 'authority', '-signkey', 'root.key')
  issue('between', 'authority', '-CA', 'root.crt', '-CAkey', 'root.key', '-CAcreateserial')
  issue('leaf', 'leaf', '-CA', 'between.crt', '-CAkey', 'between.key', '-CAcreateserial')
}

function makeModel(name: string): string {
  const model = join(home, name)
  mkdirSync(join(model, 'a/b'), { recursive: true })
  mkdirSync(join(model, '.git'), { recursive: true })
  mkdirSync(join(model, '.cache'), { recursive: true })
  // `a.txt` stands before `a/b` by code points, after it by parts of the path
  for (const [file, text] of [
    ['weights.bin', 'w'.repeat(3_000_001)],
    ['a/b/deep file (1).txt', 'deep'],
    ['a.txt', 'a'],
    ['模型.bin', 'unicode'],
    ['.cache/kept', 'kept'],
    ['.git/HEAD', 'left out'],
    ['.gitattributes', 'left out'],
    ['empty', ''],
  ] as const) {
    writeFileSync(join(model, file), text)
  }
  return model
}

interface Way {
  readonly name: string
  readonly sign: readonly string[]
  readonly verify: readonly string[]
}

const keyWay = (curve: string): Way => ({
  name: `key ${curve}`,
  sign: ['--method', 'key', '--private-key', join(home, `${curve}.pem`)],
  verify: ['--method', 'key', '--public-key', join(home, `${curve}.pub`)],
})

const WAYS: readonly Way[] = [
  keyWay('prime256v1'),
  keyWay('secp384r1'),
  keyWay('secp521r1'),
  {
    name: 'certificate',
    sign: [
      '--method',
      'certificate',
      '--private-key',
      join(home, 'leaf.key'),
      '--signing-cert',
      join(home, 'leaf.crt'),
      '--cert-chain',
      join(home, 'between.crt'),
    ],
    verify: ['--method', 'certificate', '--cert-chain', join(home, 'root.crt')],
  },
]

const ours = (...args: string[]): number =>
  spawnSync(process.execPath, [ecluse, 'oms', ...args], {
    env: { ...process.env, ECLUSE_HOME: join(home, 'home') },
    stdio: 'ignore',
  }).status ?? -1

/** The same request in the words of the reference program. */
function theirs(verb: 'sign' | 'verify', way: Way, model: string, bundle: string): number {
  const [, method = '', ...rest] = verb === 'sign' ? way.sign : way.verify
  const words = rest.map((word) =>
    word
      .replace('--private-key', '--private_key')
      .replace('--public-key', '--public_key')
      .replace('--signing-cert', '--signing_certificate')
      .replace('--cert-chain', '--certificate_chain'),
  )
  const args = ['-m', 'model_signing', verb, method, ...words, '--signature', bundle, model]
  return spawnSync(python, args, { stdio: 'ignore' }).status ?? -1
}

/** Their command takes every signature for one of whole files; their library does not. */
function theirsShards(way: Way, model: string, bundle: string): number {
  const [, method = '', , trusted = ''] = way.verify
  const verifier =
    method === 'key'
      ? `use_elliptic_key_verifier(public_key=${JSON.stringify(trusted)})`
      : `use_certificate_verifier(certificate_chain=[${JSON.stringify(trusted)}])`
  const program = `import model_signing
model_signing.verifying.Config().${verifier}.verify(${JSON.stringify(model)}, ${JSON.stringify(bundle)})`
  return spawnSync(python, ['-c', program], { stdio: 'ignore' }).status ?? -1
}

let failures = 0
function expect(what: string, status: number, isYes: boolean): void {
  const isRight = isYes ? status === 0 : status !== 0
  if (!isRight) failures++
  process.stdout.write(`${isRight ? 'ok    ' : 'FAILED'} ${what}\n`)
}

makeKeys()
expect(
  'the reference implementation runs',
  spawnSync(python, ['-m', 'model_signing', '--help']).status ?? -1,
  true,
)
for (const [at, way] of WAYS.entries()) {
  const bundle = (model: string): string => join(model, 'model.sig')
  const sign = (model: string, ...more: string[]): number =>
    ours(
      'sign-model',
      '--model-path',
      model,
      '--output-bundle',
      bundle(model),
      ...way.sign,
      ...more,
    )
  const verify = (model: string): number =>
    ours('verify-model', '--model-path', model, '--bundle', bundle(model), ...way.verify)
  const one = makeModel(`ours-${at}`)
  expect(`${way.name}: we sign`, sign(one), true)
  expect(`${way.name}: we verify ours`, verify(one), true)
  expect(`${way.name}: they verify ours`, theirs('verify', way, one, bundle(one)), true)
  expect(`${way.name}: we sign shards`, sign(one, '--shards'), true)
  expect(`${way.name}: they verify our shards`, theirsShards(way, one, bundle(one)), true)
  const two = makeModel(`theirs-${at}`)
  expect(`${way.name}: they sign`, theirs('sign', way, two, bundle(two)), true)
  expect(`${way.name}: we verify theirs`, verify(two), true)
  appendFileSync(join(two, 'a.txt'), '!')
  expect(`${way.name}: we refuse a changed file`, verify(two), false)
  expect(`${way.name}: they refuse a changed file`, theirs('verify', way, two, bundle(two)), false)
  const three = makeModel(`link-${at}`)
  symlinkSync('a.txt', join(three, 'link'))
  expect(`${way.name}: we refuse a link`, sign(three), false)
}
rmSync(home, { recursive: true })
process.stdout.write(failures === 0 ? 'all agree\n' : `${failures} disagree\n`)
process.exitCode = failures === 0 ? 0 : 1
