import assert from 'node:assert/strict'
import { createHash, sign } from 'node:crypto'
import { join } from 'node:path'
import { test } from 'node:test'
import { writeBundle } from './bundle.ts'
import { EARLY_PREDICATE, pythonBytes, readEarlyStatement } from './early-format.ts'
import { keyHint, signPayload } from './key.ts'
import { newKeyPair, newModel, writeFiles } from './signing.fixture.ts'
import { PAYLOAD_TYPE, PREDICATE_TYPE, STATEMENT_TYPE, rootDigest } from './statement.ts'
import { verifyModel } from './verify-model.ts'

const PAIR = newKeyPair('P-384')
const hex = (text: string): string => createHash('sha256').update(text).digest('hex')

/** A bundle as version 0.2 wrote it: subjects, bytes as Python prints them, SHA-256 with a key of P-384. */
function earlyBundle(files: Readonly<Record<string, string>>, annotation = 'file-sha256'): string {
  const payload = Buffer.from(
    JSON.stringify(
      {
        _type: STATEMENT_TYPE,
        subject: Object.entries(files).map(([name, content]) => ({
          name,
          digest: { sha256: hex(content) },
          annotations: { actual_hash_algorithm: annotation },
        })),
        predicateType: EARLY_PREDICATE,
        predicate: { unused: 'it\'s "there", \\ and é' },
      },
      null,
      2,
    ),
  )
  const signed = `DSSEV1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} ${pythonBytes(payload)}`
  const signature = sign('sha256', Buffer.from(signed), PAIR.privateKey.key)
  return writeBundle({ publicKeyHint: keyHint(PAIR.publicKey.key) }, payload, signature)
}

async function codeOf(model: string, bundle: string, allowEarly: boolean): Promise<string> {
  const verified = await verifyModel({
    model,
    bundle,
    bundlePath: null,
    trust: { method: 'key', key: PAIR.publicKey },
    ignorePaths: [],
    ignoreUnsigned: false,
    allowEarly,
    now: 0,
  })
  return verified.ok ? 'ok' : verified.error.code
}

test('bytes are written as Python prints them', () => {
  // what python3 -c 'print(bytes(...))' says of each
  for (const [bytes, printed] of [
    ['', "b''"],
    ["it's", `b"it's"`],
    [`"it's"`, String.raw`b'"it\'s"'`],
    ['a\\b\n\t\r', String.raw`b'a\\b\n\t\r'`],
    ['é\0\x7f', String.raw`b'\xc3\xa9\x00\x7f'`],
  ] as const) {
    assert.equal(pythonBytes(Buffer.from(bytes)), printed)
  }
})

test('a signature of version 0.2 counts where it is asked for, for these files alone', async (t) => {
  const files = { 'signme-1': 'one', 'sub/signme-2': 'two' }
  const model = await newModel(t, files)
  const bundle = earlyBundle(files)
  assert.equal(await codeOf(model, bundle, true), 'ok')
  assert.equal(await codeOf(model, bundle, false), 'statement-unsupported')
  await writeFiles(model, { 'signme-1': 'other' })
  assert.equal(await codeOf(model, bundle, true), 'files-differ')
  await writeFiles(model, { 'signme-1': 'one', added: 'x' })
  assert.equal(await codeOf(model, bundle, true), 'files-differ')
})

test('the old way of signing is no way to sign anything else, and the new way signs no old statement', async (t) => {
  const model = await newModel(t, { a: 'a' })
  const early = JSON.parse(earlyBundle({ a: 'a' }))
  const current = Buffer.from(
    JSON.stringify({
      _type: STATEMENT_TYPE,
      subject: [{ name: 'm', digest: { sha256: rootDigest([{ digest: hex('a') }]) } }],
      predicateType: PREDICATE_TYPE,
      predicate: {
        serialization: { method: 'files', hash_type: 'sha256', allow_symlinks: false },
        resources: [{ name: 'a', algorithm: 'sha256', digest: hex('a') }],
      },
    }),
  )
  const printed = `DSSEV1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${current.length} ${pythonBytes(current)}`
  const hint = { publicKeyHint: keyHint(PAIR.publicKey.key) }
  const mixed = writeBundle(
    hint,
    current,
    sign('sha256', Buffer.from(printed), PAIR.privateKey.key),
  )
  assert.equal(await codeOf(model, mixed, true), 'signature-invalid')
  const payload = Buffer.from(early.dsseEnvelope.payload, 'base64')
  const turned = writeBundle(hint, payload, signPayload(PAIR.privateKey, payload))
  assert.equal(await codeOf(model, turned, true), 'signature-invalid')
  assert.equal(
    await codeOf(model, earlyBundle({ a: 'a' }, 'file-sha256-1000'), true),
    'statement-malformed',
  )
})

test('an old list that names a file twice, one outside, or nothing is malformed', () => {
  const statement = (...names: readonly string[]): Buffer =>
    Buffer.from(
      JSON.stringify({
        _type: STATEMENT_TYPE,
        predicateType: EARLY_PREDICATE,
        subject: names.map((name) => ({ name, digest: { sha256: hex('a') } })),
      }),
    )
  assert.equal(readEarlyStatement(statement('a', 'b/c')).ok, true)
  for (const names of [[], ['a', 'a'], ['../a'], ['/a'], ['.', 'a'], ['']]) {
    assert.equal(readEarlyStatement(statement(...names)).ok, false, names.join(' '))
  }
  assert.equal(readEarlyStatement(Buffer.from([0xff, 0xfe])).ok, false)
})

test('a model that is one file is known by its own name, and by the dot of signers before v1.0.1', async (t) => {
  const model = await newModel(t, { 'model.bin': 'w'.repeat(250) })
  const file = join(model, 'model.bin')
  const bundleOf = (names: readonly (readonly [string, string])[], shardBytes?: number): string => {
    const resources = names.map(([name, content]) => ({
      name,
      algorithm: 'sha256',
      digest: hex(content),
    }))
    const payload = Buffer.from(
      JSON.stringify({
        _type: STATEMENT_TYPE,
        subject: [{ name: 'model.bin', digest: { sha256: rootDigest(resources) } }],
        predicateType: PREDICATE_TYPE,
        predicate: {
          resources,
          serialization: {
            method: shardBytes === undefined ? 'files' : 'shards',
            hash_type: 'sha256',
            allow_symlinks: false,
            ...(shardBytes === undefined ? {} : { shard_size: shardBytes }),
          },
        },
      }),
    )
    const hint = { publicKeyHint: keyHint(PAIR.publicKey.key) }
    return writeBundle(hint, payload, signPayload(PAIR.privateKey, payload))
  }
  const whole = 'w'.repeat(250)
  const dot = bundleOf([['.', whole]])
  assert.equal(await codeOf(file, dot, false), 'ok')
  assert.equal(await codeOf(file, bundleOf([['model.bin', whole]]), false), 'ok')
  const shards = bundleOf(
    [
      ['.:0:200', 'w'.repeat(200)],
      ['.:200:250', 'w'.repeat(50)],
    ],
    200,
  )
  assert.equal(await codeOf(file, shards, false), 'ok')
  assert.equal(await codeOf(file, bundleOf([['.', 'other']]), false), 'files-differ')
  // a folder is not the file that was signed
  assert.equal(await codeOf(model, dot, false), 'files-differ')
  const two = bundleOf([
    ['.', whole],
    ['model.bin', whole],
  ])
  assert.equal(await codeOf(file, two, false), 'statement-malformed')
})
