import assert from 'node:assert/strict'
import { appendFile, mkdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import type { Differences, SigningCode } from './problem.ts'
import { signModel, type SignRequest } from './sign-model.ts'
import { SMALL_MODEL, newKeyPair, newModel, writeFiles, type KeyPair } from './signing.fixture.ts'
import { verifyModel, type VerifyRequest } from './verify-model.ts'

const NOW = Date.parse('2026-11-22T12:00:00Z')

async function sign(
  model: string,
  pair: KeyPair,
  more: Partial<SignRequest> = {},
): Promise<string> {
  const signed = await signModel({ ...signing(model, pair), ...more })
  assert.ok(signed.ok, JSON.stringify(signed))
  return signed.value.bundle
}

const signing = (model: string, { privateKey }: KeyPair): SignRequest => ({
  model,
  output: join(model, 'model.sig'),
  ignorePaths: [],
  allowSymlinks: false,
  hashType: 'sha256',
  shardBytes: null,
  identity: { method: 'key', key: privateKey },
})

const verify = (
  model: string,
  bundle: string,
  { publicKey }: KeyPair,
  more: Partial<VerifyRequest> = {},
): ReturnType<typeof verifyModel> =>
  verifyModel({
    model,
    bundle,
    bundlePath: join(model, 'model.sig'),
    trust: { method: 'key', key: publicKey },
    ignorePaths: [],
    ignoreUnsigned: false,
    now: NOW,
    ...more,
  })

async function refusal(
  verifying: ReturnType<typeof verifyModel>,
): Promise<{ readonly code: SigningCode | 'ok'; readonly differences?: Differences }> {
  const verified = await verifying
  return verified.ok ? { code: 'ok' } : verified.error
}

for (const curve of ['P-256', 'P-384', 'P-521']) {
  for (const shardBytes of [null, 5]) {
    test(`${curve}, ${shardBytes === null ? 'files' : 'shards'}: what is signed is verified, and only with its key`, async (t) => {
      const model = await newModel(t, SMALL_MODEL)
      const pair = newKeyPair(curve)
      const bundle = await sign(model, pair, { shardBytes })
      await writeFile(join(model, 'model.sig'), bundle)
      const verified = await verify(model, bundle, pair)
      assert.ok(verified.ok, JSON.stringify(verified))
      assert.equal(verified.value.files, shardBytes === null ? 8 : 7)
      assert.deepEqual(verified.value.ignored, [])
      const other = await refusal(verify(model, bundle, newKeyPair(curve)))
      assert.equal(other.code, 'key-mismatch')
    })
  }
}

test('the same model gives the same names, digests and order, whatever is in the folder of git', async (t) => {
  const model = await newModel(t, SMALL_MODEL)
  const pair = newKeyPair()
  const payload = (bundle: string): string => JSON.parse(bundle).dsseEnvelope.payload
  const first = payload(await sign(model, pair))
  await writeFiles(model, { '.git/HEAD': 'x', '.github/ci.yml': 'x', '.gitignore': 'x' })
  assert.equal(payload(await sign(model, pair)), first)
  const names: string[] = JSON.parse(
    Buffer.from(first, 'base64').toString(),
  ).predicate.resources.map(({ name }: { name: string }) => name)
  assert.deepEqual(
    names,
    names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
  )
  assert.ok(names.includes('.cache/kept') && !names.some((name) => name.startsWith('.git')))
})

test('a single file is signed by its name', async (t) => {
  const model = await newModel(t, { 'model.gguf': 'weights' })
  const pair = newKeyPair()
  const file = join(model, 'model.gguf')
  const bundle = await sign(file, pair, { output: `${file}.sig` })
  assert.equal((await verify(file, bundle, pair)).ok, true)
  await appendFile(file, '!')
  const refused = await refusal(verify(file, bundle, pair))
  assert.deepEqual(refused.differences?.changed, ['model.gguf'])
  await rename(file, join(model, 'other.gguf'))
  const renamed = await refusal(verify(join(model, 'other.gguf'), bundle, pair))
  assert.deepEqual([renamed.code, renamed.differences?.missing], ['files-differ', ['model.gguf']])
})

const NAMES = Object.keys(SMALL_MODEL)
type Tampering = (model: string, name: string) => Promise<Partial<Differences>>

const TAMPERINGS: Readonly<Record<string, Tampering>> = {
  'one bit changed': async (model, name) => {
    const content = Buffer.from(SMALL_MODEL[name as keyof typeof SMALL_MODEL])
    if (content.length === 0) return (await TAMPERINGS['one byte more']?.(model, name)) ?? {}
    content[content.length >> 1] = (content[content.length >> 1] ?? 0) ^ 1
    await writeFile(join(model, name), content)
    return { changed: [name] }
  },
  'one byte more': async (model, name) => {
    await appendFile(join(model, name), '\0')
    return { changed: [name] }
  },
  'one byte less': async (model, name) => {
    const { length } = Buffer.from(SMALL_MODEL[name as keyof typeof SMALL_MODEL])
    if (length === 0) return (await TAMPERINGS['one byte more']?.(model, name)) ?? {}
    await truncate(join(model, name), length - 1)
    return { changed: [name] }
  },
  removed: async (model, name) => {
    await rm(join(model, name))
    return { missing: [name] }
  },
  renamed: async (model, name) => {
    await rename(join(model, name), join(model, `${name}.bak`))
    return { renamed: [{ from: name, to: `${name}.bak` }] }
  },
  'added beside': async (model, name) => {
    await writeFile(join(model, `${name}.pkl`), 'new')
    return { added: [`${name}.pkl`] }
  },
  'added where git files lie deeper': async (model) => {
    await writeFiles(model, { 'tokenizer/.git/hook': 'new' })
    return { added: ['tokenizer/.git/hook'] }
  },
}

test('any changed, added, removed or renamed file is found and named', async (t) => {
  const pair = newKeyPair()
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(TAMPERINGS)),
      fc.constantFrom(...NAMES),
      fc.constantFrom(null, 4, 1000),
      async (kind, name, shardBytes) => {
        const model = await newModel(t, SMALL_MODEL)
        const bundle = await sign(model, pair, { shardBytes })
        // an empty file has no shard: nothing is promised of it but that it stays empty
        if (shardBytes !== null && SMALL_MODEL[name as keyof typeof SMALL_MODEL] === '') return
        const expected = await TAMPERINGS[kind]?.(model, name)
        const refused = await refusal(verify(model, bundle, pair))
        assert.equal(refused.code, 'files-differ')
        const none = { changed: [], missing: [], added: [], renamed: [] }
        if (shardBytes !== null && expected?.renamed) {
          // digests of shards are not those of files: both names are told
          const [pair0] = expected.renamed
          assert.deepEqual(refused.differences, {
            ...none,
            missing: [pair0?.from],
            added: [pair0?.to],
          })
        } else assert.deepEqual(refused.differences, { ...none, ...expected })
      },
    ),
    { numRuns: 60 },
  )
})

test('a file that grew into an unlisted shard is changed', async (t) => {
  const model = await newModel(t, { 'a.bin': '0123456789' })
  const pair = newKeyPair()
  const bundle = await sign(model, pair, { shardBytes: 5 })
  await appendFile(join(model, 'a.bin'), 'hidden')
  assert.deepEqual((await refusal(verify(model, bundle, pair))).differences?.changed, ['a.bin'])
})

test('paths are ignored only as declared: a listed file is read even so, a new one is told', async (t) => {
  const model = await newModel(t, { ...SMALL_MODEL, 'logs/a': 'x', note: 'x' })
  const pair = newKeyPair()
  const bundle = await sign(model, pair, {
    ignorePaths: ['logs', join(model, 'note'), '/elsewhere'],
  })
  await writeFiles(model, { 'logs/b': 'new', note: 'changed' })
  const verified = await verify(model, bundle, pair)
  assert.deepEqual(verified.ok && verified.value.ignored, ['logs', 'note'])
  await writeFiles(model, { 'config.json': 'changed' })
  const excused = await refusal(verify(model, bundle, pair, { ignorePaths: ['config.json'] }))
  assert.deepEqual(excused.differences?.changed, ['config.json'])
  await writeFiles(model, { 'config.json': SMALL_MODEL['config.json'], extra: 'x', logs2: 'x' })
  assert.deepEqual((await refusal(verify(model, bundle, pair))).differences?.added, [
    'extra',
    'logs2',
  ])
  assert.equal((await verify(model, bundle, pair, { ignoreUnsigned: true })).ok, true)
})

test('links, pipes and names that are not UTF-8 are refused, and nothing waits on them', async (t) => {
  const pair = newKeyPair()
  const codeOf = async (
    prepare: (model: string) => Promise<unknown>,
    more: Partial<SignRequest> = {},
  ): Promise<string> => {
    const model = await newModel(t, { 'a/b.bin': 'b', c: 'c' })
    await prepare(model)
    const signed = await signModel({ ...signing(model, pair), ...more })
    return signed.ok ? 'ok' : signed.error.code
  }
  const link = (target: string) => (model: string) => symlink(target, join(model, 'link'))
  assert.equal(await codeOf(link('c')), 'symlink')
  assert.equal(await codeOf(link('c'), { allowSymlinks: true }), 'ok')
  assert.equal(await codeOf(link('/etc/hostname'), { allowSymlinks: true }), 'symlink-outside')
  assert.equal(await codeOf(link('/etc/hostname')), 'symlink-outside')
  assert.equal(await codeOf(link('../../..'), { allowSymlinks: true }), 'symlink-outside')
  assert.equal(await codeOf(link('nothing'), { allowSymlinks: true }), 'symlink-outside')
  assert.equal(await codeOf(link('link'), { allowSymlinks: true }), 'symlink-cycle')
  assert.equal(await codeOf(link('.'), { allowSymlinks: true }), 'symlink-cycle')
  const pipe = async (model: string): Promise<void> =>
    void execFileSync('mkfifo', [join(model, 'p')])
  assert.equal(await codeOf(pipe), 'not-a-regular-file')
  const bytes = (model: string): Promise<void> =>
    writeFile(Buffer.concat([Buffer.from(`${model}/`), Buffer.from([0x66, 0xff])]), 'x')
  assert.equal(await codeOf(bytes), 'name-not-utf8')
  const emptied = async (model: string): Promise<void> => {
    await rm(join(model, 'a'), { recursive: true })
    await rm(join(model, 'c'))
    await writeFiles(model, { '.gitignore': 'x' })
  }
  assert.equal(await codeOf(emptied), 'model-empty')
  assert.equal(await codeOf((model) => rm(model, { recursive: true })), 'model-missing')
})

test('a file replaced by a link to the same content, or by a folder, is refused', async (t) => {
  const pair = newKeyPair()
  const swapped = async (swap: (path: string) => Promise<unknown>): Promise<string> => {
    const model = await newModel(t, { 'a.bin': 'a', b: 'b' })
    const bundle = await sign(model, pair)
    await rename(join(model, 'a.bin'), `${model}.kept`)
    await swap(join(model, 'a.bin'))
    return (await refusal(verify(model, bundle, pair))).code
  }
  assert.equal(await swapped((path) => symlink('../model.kept', path)), 'symlink-outside')
  assert.equal(await swapped((path) => mkdir(path)), 'not-a-regular-file')
})

test('many links to folders of links end, and soon', async (t: TestContext) => {
  const model = await newModel(t, { 'd0/x': 'x' })
  for (let at = 1; at <= 40; at++) {
    await mkdir(join(model, `d${at}`))
    for (const name of ['left', 'right']) {
      await symlink(`../d${at - 1}`, join(model, `d${at}`, name))
    }
  }
  const signed = await signModel({ ...signing(model, newKeyPair()), allowSymlinks: true })
  assert.equal(signed.ok ? 'ok' : signed.error.code, 'too-many-files')
})

test('an interrupted signing or verification says so', async (t) => {
  const model = await newModel(t, SMALL_MODEL)
  const pair = newKeyPair()
  const bundle = await sign(model, pair)
  const signal = AbortSignal.abort()
  const signed = await signModel(signing(model, pair), { signal })
  assert.equal(signed.ok ? 'ok' : signed.error.code, 'interrupted')
  const verified = await verifyModel(
    {
      model,
      bundle,
      bundlePath: null,
      ignorePaths: [],
      ignoreUnsigned: false,
      now: NOW,
      trust: { method: 'key', key: pair.publicKey },
    },
    { signal },
  )
  assert.equal(verified.ok ? 'ok' : verified.error.code, 'interrupted')
})
