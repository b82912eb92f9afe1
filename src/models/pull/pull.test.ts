import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { findModel, listModels } from '../store/find-model.ts'
import { gguf, textValue } from '../gguf/gguf.fixture.ts'
import { describePullFailure } from './pull-messages.ts'
import { PULL_CODES } from './pull-failure.ts'
import { machinePorts, type PullPorts } from './pull-ports.ts'
import type { PullProgress } from './pull-request.ts'
import { pullModel } from './pull.ts'
import { removeModel } from '../store/remove-model.ts'
import type { StarterModel } from '../starter/starter-models.ts'
import { verifyBlob } from '../store/verify-blob.ts'

/** A small model, long enough to be cut in the middle. */
const FILE = Buffer.concat([
  gguf([['general.architecture', textValue('llama')]], []),
  Buffer.alloc(300_000, 'weights '),
])
const DIGEST = createHash('sha256').update(FILE).digest('hex')

async function storeDir(t: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'ecluse-store-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  return dir
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void

async function serve(t: TestContext, handler: Handler): Promise<string> {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.gguf`
}

/** Serves the file, with ranges, under an entity tag. */
const whole: Handler = (request, response) => {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  const partial = start > 0 && request.headers['if-range'] === '"v1"'
  const body = partial ? FILE.subarray(start) : FILE
  response.writeHead(partial ? 206 : 200, {
    etag: '"v1"',
    'content-length': body.length,
    ...(partial ? { 'content-range': `bytes ${start}-${FILE.length - 1}/${FILE.length}` } : {}),
  })
  response.end(body)
}

const machine = machinePorts(Date.now, randomUUID, {})

const pull = async (
  request: Parameters<typeof pullModel>[0],
  options: {
    ports?: Partial<PullPorts>
    signal?: AbortSignal
    starters?: readonly StarterModel[]
    onProgress?: (progress: PullProgress) => void
  } = {},
) =>
  pullModel(
    request,
    options.starters ?? [],
    { ...machine, ...options.ports },
    options.onProgress ?? (() => undefined),
    options.signal ?? new AbortController().signal,
  )

const codeOf = (result: Awaited<ReturnType<typeof pull>>): string =>
  result.ok ? 'pulled' : result.error.code

test('a URL with its digest is pulled, found, verified, and removed with its file', async (t) => {
  const dir = await storeDir(t)
  const from = await serve(t, whole)
  const result = await pull({ dir, from: `${from}?token=abc`, digest: `sha256:${DIGEST}` })
  assert.ok(result.ok)
  assert.equal(result.value.name, 'model')
  assert.deepEqual(result.value.source, { kind: 'url', reference: from })
  assert.equal(result.value.architecture, 'llama')
  assert.equal((await findModel(dir, 'model'))?.digest, DIGEST)
  assert.equal(await verifyBlob(dir, DIGEST), 'verified')
  assert.deepEqual(await readdir(join(dir, 'partial')), [])
  await removeModel(dir, 'model')
  assert.deepEqual(await listModels(dir), [])
  assert.deepEqual(await readdir(join(dir, 'blobs')), [])
})

test('an interrupted pull resumes where it stopped', async (t) => {
  const dir = await storeDir(t)
  const ranges: (string | undefined)[] = []
  const controller = new AbortController()
  let cut = true
  const from = await serve(t, (request, response) => {
    ranges.push(request.headers.range)
    if (!cut) return whole(request, response)
    response.writeHead(200, { etag: '"v1"', 'content-length': FILE.length })
    response.write(FILE.subarray(0, 100_000))
  })
  const interrupted = await pull(
    { dir, from, digest: DIGEST },
    {
      signal: controller.signal,
      onProgress: (progress) => {
        if (progress.phase === 'downloading' && progress.received === 100_000) controller.abort()
      },
    },
  )
  assert.equal(codeOf(interrupted), 'interrupted')
  cut = false
  assert.ok((await pull({ dir, from, digest: DIGEST })).ok)
  assert.deepEqual(ranges, [undefined, 'bytes=100000-'])
})

test('a connection that breaks is continued by itself', async (t) => {
  const dir = await storeDir(t)
  let calls = 0
  const from = await serve(t, (request, response) => {
    if (++calls > 1) return whole(request, response)
    response.writeHead(200, { etag: '"v1"', 'content-length': FILE.length })
    response.write(FILE.subarray(0, 50_000), () => response.destroy())
  })
  assert.ok((await pull({ dir, from, digest: DIGEST })).ok)
  assert.equal(calls, 2)
})

test('a server that ignores ranges, or has another version, starts over cleanly', async (t) => {
  for (const tag of ['"v1"', '"v2"']) {
    const dir = await storeDir(t)
    let calls = 0
    const from = await serve(t, (_, response) => {
      calls++
      response.writeHead(200, { etag: calls === 1 ? '"v1"' : tag, 'content-length': FILE.length })
      if (calls > 1) response.end(FILE)
      else response.write(FILE.subarray(0, 50_000), () => response.destroy())
    })
    assert.ok((await pull({ dir, from, digest: DIGEST })).ok)
  }
})

test('a server that never answers whole is given up, and says so', async (t) => {
  const dir = await storeDir(t)
  const from = await serve(t, (_, response) => response.destroy())
  assert.equal(codeOf(await pull({ dir, from, digest: DIGEST })), 'source-unreachable')
  const refusing = await serve(t, (_, response) => response.writeHead(403).end())
  const refused = await pull({ dir, from: refusing, digest: DIGEST })
  assert.ok(!refused.ok)
  assert.deepEqual([refused.error.code, refused.error.detail?.['status']], ['source-refused', 403])
})

test('a file with another digest is refused and kept aside', async (t) => {
  const dir = await storeDir(t)
  const from = await serve(t, whole)
  const expected = DIGEST.replaceAll(/./g, '0')
  const result = await pull({ dir, from, digest: expected })
  assert.ok(!result.ok)
  assert.equal(result.error.code, 'digest-mismatch')
  assert.equal(result.error.detail?.['actual'], DIGEST)
  assert.deepEqual(await listModels(dir), [])
  const [kept] = await readdir(join(dir, 'quarantine'))
  assert.ok(kept)
  assert.deepEqual(await readFile(join(dir, 'quarantine', kept)), FILE)
})

test('a full disk is told before the download, and during it', async (t) => {
  const dir = await storeDir(t)
  const from = await serve(t, whole)
  const full = { freeBytes: async () => 1000 }
  const before = await pull({ dir, from, digest: DIGEST }, { ports: full })
  assert.ok(!before.ok)
  assert.deepEqual(before.error, { code: 'disk-full', detail: { free: 1000 } })
  const during: Partial<PullPorts> = {
    get: async (...args) => {
      const answer = await machine.get(...args)
      return {
        ...answer,
        body: (async function* () {
          yield FILE.subarray(0, 10)
          throw Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' })
        })(),
      }
    },
  }
  assert.equal(codeOf(await pull({ dir, from, digest: DIGEST }, { ports: during })), 'disk-full')
})

test('redirects are followed five times, never away from HTTPS', async (t) => {
  const dir = await storeDir(t)
  let hops = 0
  const from = await serve(t, (request, response) => {
    if (hops-- > 0) response.writeHead(302, { location: '/model.gguf' }).end()
    else whole(request, response)
  })
  hops = 5
  assert.ok((await pull({ dir, from, digest: DIGEST })).ok)
  await removeModel(dir, 'model')
  hops = 6
  assert.equal(codeOf(await pull({ dir, from, digest: DIGEST })), 'too-many-redirects')
  const away = await serve(t, (_, response) =>
    response.writeHead(302, { location: 'http://models.example/m.gguf' }).end(),
  )
  assert.equal(codeOf(await pull({ dir, from: away, digest: DIGEST })), 'unsafe-address')
  const plain = { dir, from: 'http://models.example/m.gguf', digest: DIGEST }
  assert.equal(codeOf(await pull(plain)), 'unsafe-address')
  assert.equal(codeOf(await pull({ dir, from })), 'digest-required')
})

test('two pulls of one model at once both end well', async (t) => {
  const dir = await storeDir(t)
  const from = await serve(t, whole)
  const request = { dir, from, digest: DIGEST }
  const results = await Promise.all([pull(request), pull(request), pull(request)])
  assert.ok(results.every(({ ok }) => ok))
  assert.equal(await verifyBlob(dir, DIGEST), 'verified')
  assert.deepEqual(await readdir(join(dir, 'partial')), [])
})

test('a local file needs no digest, and a file that is no model is refused', async (t) => {
  const dir = await storeDir(t)
  const from = join(dir, 'My Model.Q8.gguf')
  await writeFile(from, FILE)
  const result = await pull({ dir, from })
  assert.ok(result.ok)
  assert.deepEqual([result.value.name, result.value.digest], ['my-model.q8', DIGEST])
  await writeFile(from, 'no model')
  assert.equal(codeOf(await pull({ dir, from })), 'not-a-gguf')
  assert.equal(codeOf(await pull({ dir, from: join(dir, 'absent') })), 'file-not-found')
  assert.equal(codeOf(await pull({ dir, from, name: '../x' })), 'invalid-name')
  assert.equal(codeOf(await pull({ dir, from, digest: 'md5:1' })), 'invalid-digest')
  assert.equal(codeOf(await pull({ dir, name: 'nobody' })), 'unknown-model')
})

test('sources are tried in order, and each failure is told', async (t) => {
  const dir = await storeDir(t)
  const pinned = { sha256: DIGEST, bytes: FILE.length, source: 's', retrieved: '2026-11-21' }
  const starter: StarterModel = {
    name: 'tiny',
    aliases: ['t'],
    licence: 'MIT',
    openness: 3,
    source: 's',
    retrieved: '2026-11-21',
    sources: [
      {
        kind: 'python-package',
        package: 'tiny',
        version: '1',
        entry: 'a',
        packageBytes: 1,
        ...pinned,
      },
      {
        kind: 'hugging-face',
        repository: 'a/b',
        revision: '0'.repeat(40),
        file: 'c.gguf',
        ...pinned,
      },
    ],
  }
  const starters = [starter]
  const down = { run: async () => null, get: () => Promise.reject(new Error('no network')) }
  const failed = await pull({ dir, name: 't' }, { starters, ports: down })
  assert.ok(!failed.ok)
  assert.equal(failed.error.code, 'source-unreachable')
  assert.deepEqual(
    failed.error.tried?.map(({ source, failure }) => [source, failure.code]),
    [['tiny==1', 'no-python']],
  )
  const words = describePullFailure(failed.error, 'fr')
  assert.match(words.message, /^tiny==1: Ni pip ni python3[^]*huggingface\.co/)
  const body = (async function* () {
    yield FILE
  })()
  const answer = { status: 200, headers: {}, body, discard: async () => undefined }
  const ports = { run: async () => null, get: async () => answer }
  const result = await pull({ dir, name: 't' }, { starters, ports })
  assert.ok(result.ok)
  assert.deepEqual([result.value.licence, result.value.openness], ['MIT', 3])
  assert.equal((await findModel(dir, 't'))?.name, 'tiny')
})

test('a stored file that was changed is noticed before it is used', async (t) => {
  const dir = await storeDir(t)
  const from = await serve(t, whole)
  assert.ok((await pull({ dir, from, digest: DIGEST })).ok)
  await writeFile(join(dir, 'blobs', `sha256-${DIGEST}`), 'other')
  assert.equal(await verifyBlob(dir, DIGEST), 'changed')
  assert.ok((await pull({ dir, from, digest: DIGEST })).ok)
  assert.equal(await verifyBlob(dir, DIGEST), 'verified')
})

test('every failure has words in both languages', () => {
  for (const code of PULL_CODES) {
    for (const language of ['en', 'fr'] as const) {
      const { message, remedy } = describePullFailure({ code }, language)
      assert.ok(message.length > 10 && remedy.length > 5)
    }
  }
})
