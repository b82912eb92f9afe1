import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import * as fc from 'fast-check'
import { filesOf, type Manifest } from '../manifest.ts'
import { machinePorts } from '../pull-ports.ts'
import type { PullContext } from '../pull-request.ts'
import { storePaths } from '../store-layout.ts'
import { findGarbage, removeGarbage } from './collect-garbage.ts'
import { exportModel, importModel } from './model-bundle.ts'
import { pullSet } from './pull-set.ts'
import { isSafeName } from './safe-name.ts'

const ports = machinePorts(Date.now, randomUUID, {})
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
const gitSha = (bytes: Buffer): string =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')

async function folder(t: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'ecluse-get-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  return dir
}

type Handle = (request: IncomingMessage, response: ServerResponse) => void

async function serve(t: TestContext, handle: Handle): Promise<string> {
  const server = createServer(handle)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const pull = (dir: string, reference: string, over: Partial<Parameters<typeof pullSet>[0]> = {}) =>
  pullSet(
    {
      dir,
      reference,
      hub: 'http://127.0.0.1:1',
      ollamaRegistry: 'http://127.0.0.1:1',
      ollamaStore: join(dir, 'ollama'),
      ...over,
    },
    ports,
    () => undefined,
    new AbortController().signal,
  )

function value<T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T {
  assert.ok(result.ok, JSON.stringify(result))
  return result.value
}

const COMMIT = '0123456789abcdef0123456789abcdef01234567'
const FILES: Readonly<Record<string, Buffer>> = {
  'config.json': Buffer.from('{}'),
  'weights/model.safetensors': Buffer.alloc(300_000, 'w'),
  'empty.txt': Buffer.alloc(0),
}

interface HubOptions {
  readonly files?: Readonly<Record<string, Buffer>>
  /** Breaks the first answers with the weights off after so many bytes. */
  readonly breaks?: number
  readonly spoil?: (path: string, bytes: Buffer) => Buffer
}

/** A server that speaks as the Hub does: commits, trees in pages, LFS files by way of another host. */
async function hub(t: TestContext, { files = FILES, breaks = 0, spoil }: HubOptions = {}) {
  const seen: string[] = []
  let left = breaks
  const isLfs = (path: string): boolean => path.endsWith('.safetensors')
  const bytesOf = (path: string): Buffer => {
    const bytes = files[path] ?? Buffer.alloc(0)
    return spoil ? spoil(path, bytes) : bytes
  }
  const cdn = await serve(t, (request, response) => {
    const path = decodeURIComponent((request.url ?? '').slice(1))
    const bytes = bytesOf(path)
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
    seen.push(`cdn ${path} from ${from} ${request.headers.authorization ?? '-'}`)
    response.setHeader('etag', `"${sha256(bytes)}"`)
    if (from > 0)
      response.setHeader('content-range', `bytes ${from}-${bytes.length - 1}/${bytes.length}`)
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': bytes.length - from })
    if (left > 0) {
      left -= 1
      response.write(bytes.subarray(from, from + 100_000), () =>
        // a client that is broken off before it has read forgets what it was sent
        setTimeout(() => response.destroy(), 300),
      )
    } else response.end(bytes.subarray(from))
  })
  const entries = Object.entries(files).map(([path, bytes]) => ({
    type: 'file',
    path,
    size: bytes.length,
    oid: isLfs(path) ? gitSha(Buffer.from('pointer')) : gitSha(bytes),
    ...(isLfs(path) ? { lfs: { oid: sha256(bytes), size: bytes.length, pointerSize: 130 } } : {}),
  }))
  const url = await serve(t, (request, response) => {
    const asked = new URL(request.url ?? '', 'http://hub')
    seen.push(`hub ${asked.pathname}`)
    const json = (body: unknown): void => void response.end(JSON.stringify(body))
    if (asked.pathname === '/api/models/acme/small/revision/main')
      return json({ sha: COMMIT, cardData: { license: 'mit' } })
    if (asked.pathname === `/api/models/acme/small/tree/${COMMIT}`) {
      const page = Number(asked.searchParams.get('cursor') ?? 0)
      if (page + 1 < entries.length)
        response.setHeader(
          'link',
          `<http://${request.headers.host}${asked.pathname}?recursive=true&cursor=${page + 1}>; rel="next"`,
        )
      return json(entries.slice(page, page + 1))
    }
    const path = decodeURIComponent(asked.pathname.replace(`/acme/small/resolve/${COMMIT}/`, ''))
    if (files[path] === undefined) return void response.writeHead(404).end()
    if (!isLfs(path)) return void response.end(bytesOf(path))
    response.setHeader('x-linked-etag', `"${sha256(files[path])}"`)
    response.writeHead(302, { location: `${cdn}/${encodeURIComponent(path)}` }).end()
  })
  return { url, seen }
}

void describe('pulling a repository of the Hub', () => {
  test('pins the branch to its commit, follows redirects and pages, and verifies every file', async (t) => {
    const dir = await folder(t)
    const { url } = await hub(t)
    const manifest = value(await pull(dir, 'hf:acme/small', { hub: url }))
    assert.deepEqual(
      [manifest.name, manifest.format, manifest.attested, manifest.licence],
      ['small', 'safetensors', true, 'mit'],
    )
    assert.equal(manifest.source.reference, `acme/small@${COMMIT}`)
    for (const { path, digest } of filesOf(manifest))
      assert.deepEqual(await readFile(storePaths(dir).blob(digest)), FILES[path])
    assert.deepEqual(await readdir(storePaths(dir).partial), [])
  })

  test('goes on where a connection broke, and fetches nothing twice', async (t) => {
    const dir = await folder(t)
    const { url, seen } = await hub(t, { breaks: 2 })
    value(await pull(dir, 'hf:acme/small', { hub: url }))
    const starts = seen.filter((line) => line.startsWith('cdn')).map((line) => line.split(' ')[3])
    assert.equal(starts.length, 3)
    assert.equal(starts[0], '0')
    assert.ok(
      starts.slice(1).every((from) => Number(from) > 0),
      starts.join(),
    )
    const before = seen.length
    value(await pull(dir, 'hf:acme/small', { hub: url, name: 'again' }))
    assert.ok(!seen.slice(before).some((line) => line.startsWith('cdn')))
  })

  test('a file that is not what the commit says is refused, large or small', async (t) => {
    for (const bad of ['config.json', 'weights/model.safetensors']) {
      const dir = await folder(t)
      const { url } = await hub(t, {
        spoil: (path, bytes) => (path === bad ? Buffer.alloc(bytes.length, 'x') : bytes),
      })
      const refused = await pull(dir, 'hf:acme/small', { hub: url })
      assert.equal(refused.ok ? null : refused.error.code, 'digest-mismatch', bad)
      assert.deepEqual(await readdir(storePaths(dir).manifests), [])
    }
  })

  test('hostile names, other commits and broken lists are refused before anything is fetched', async (t) => {
    const dir = await folder(t)
    for (const name of ['../up', '/root', 'a/../b', 'nul.txt', 'a\u202eb', 'C:x']) {
      const { url, seen } = await hub(t, { files: { [name]: Buffer.from('x') } })
      const refused = await pull(dir, 'hf:acme/small', { hub: url })
      assert.equal(refused.ok ? null : refused.error.code, 'source-malformed', name)
      assert.ok(!seen.some((line) => line.includes('resolve')))
    }
    const answers = ['', '[]', '{"sha":"main"}', `{"sha":"${'f'.repeat(40)}"}`]
    for (const body of answers) {
      const url = await serve(t, (_, response) => void response.end(body))
      const refused = await pull(dir, `hf:acme/small@${COMMIT}`, { hub: url })
      assert.equal(refused.ok ? null : refused.error.code, 'source-malformed', body)
    }
  })
})

/** A registry that gives a token to whoever asks, and manifests and blobs to whoever has it. */
async function registry(t: TestContext, layers: readonly (readonly [string, Buffer, object?])[]) {
  const blobs = new Map(layers.map(([, bytes]) => [`sha256:${sha256(bytes)}`, bytes]))
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      layers: layers.map(([mediaType, bytes, annotations]) => ({
        mediaType,
        digest: `sha256:${sha256(bytes)}`,
        size: bytes.length,
        ...(annotations ? { annotations } : {}),
      })),
    }),
  )
  const url = await serve(t, (request, response) => {
    const asked = new URL(request.url ?? '', 'http://registry')
    if (asked.pathname === '/token') {
      assert.equal(asked.searchParams.get('scope'), 'repository:library/small:pull')
      return void response.end('{"token":"abc"}')
    }
    if (request.headers.authorization !== 'Bearer abc') {
      const realm = `http://${request.headers.host}/token`
      response.setHeader(
        'www-authenticate',
        `Bearer realm="${realm}",service="r",scope="repository:library/small:pull"`,
      )
      return void response.writeHead(401).end()
    }
    if (asked.pathname === '/v2/library/small/manifests/latest') return void response.end(manifest)
    const blob = blobs.get(asked.pathname.replace('/v2/library/small/blobs/', ''))
    return blob ? void response.end(blob) : void response.writeHead(404).end()
  })
  return { url, digest: sha256(manifest) }
}

void describe('registries and stores', () => {
  test('an artefact comes layer by layer, with a token, under the digest of its manifest', async (t) => {
    const dir = await folder(t)
    const { url, digest } = await registry(t, [
      [
        'application/vnd.cncf.model.weight.v1.raw',
        Buffer.from('w'),
        { 'org.cncf.model.filepath': 'm.safetensors' },
      ],
      ['application/vnd.docker.ai.license', Buffer.from('MIT')],
    ])
    const host = new URL(url).host
    const manifest = value(await pull(dir, `oci:${host}/library/small`))
    assert.deepEqual(manifest.aliasDigests, [digest])
    assert.deepEqual(
      filesOf(manifest).map(({ path }) => path),
      ['m.safetensors', 'LICENSE'],
    )
    const tar = await registry(t, [
      ['application/vnd.cncf.model.weight.v1.tar+gzip', Buffer.from('w')],
    ])
    const refused = await pull(dir, `oci:${new URL(tar.url).host}/library/small`)
    assert.equal(refused.ok ? null : refused.error.code, 'layer-unsupported')
  })

  test('the Ollama of this machine gives what its own manifest lists, verified', async (t) => {
    const dir = await folder(t)
    const store = join(dir, 'ollama')
    const bytes = Buffer.from('weights')
    const at = join(store, 'manifests', '127.0.0.1:1', 'library', 'small')
    await mkdir(at, { recursive: true })
    await mkdir(join(store, 'blobs'))
    const layer = {
      mediaType: 'application/vnd.ollama.image.model',
      digest: `sha256:${sha256(bytes)}`,
      size: 7,
    }
    await writeFile(join(at, 'latest'), JSON.stringify({ layers: [layer] }))
    await writeFile(join(store, 'blobs', `sha256-${sha256(bytes)}`), bytes)
    assert.equal(value(await pull(dir, 'ollama-store:small')).digest, sha256(bytes))
    await rm(storePaths(dir).blob(sha256(bytes)))
    await writeFile(join(store, 'blobs', `sha256-${sha256(bytes)}`), 'WEIGHTS')
    const refused = await pull(dir, 'ollama-store:small')
    assert.equal(refused.ok ? null : refused.error.code, 'digest-mismatch')
  })

  test('a folder is taken whole; one with a link is not', async (t) => {
    const [dir, from] = [await folder(t), await folder(t)]
    await mkdir(join(from, 'a'))
    await writeFile(join(from, 'a', 'x.safetensors'), 'x')
    await writeFile(join(from, 'README.md'), 'r')
    const manifest = value(await pull(dir, `folder:${from}`, { name: 'mine' }))
    assert.deepEqual([filesOf(manifest).length, manifest.attested], [2, false])
    await symlink('/etc/passwd', join(from, 'passwd'))
    const refused = await pull(dir, `folder:${from}`, { name: 'mine' })
    assert.equal(refused.ok ? null : refused.error.code, 'folder-unusable')
  })
})

const context = (dir: string): PullContext => ({
  dir,
  ports,
  onProgress: () => undefined,
  signal: new AbortController().signal,
})

async function inStore(t: TestContext): Promise<{ dir: string; manifest: Manifest }> {
  const [dir, from] = [await folder(t), await folder(t)]
  await writeFile(join(from, 'a.safetensors'), Buffer.alloc(1500, 'a'))
  await writeFile(join(from, 'b.txt'), 'b')
  return { dir, manifest: value(await pull(dir, `folder:${from}`, { name: 'mine' })) }
}

const BESIDE = { record: null, signature: null, publicKey: null }

void describe('bundles', () => {
  test('a model comes out of a bundle as it went in', async (t) => {
    const { dir, manifest } = await inStore(t)
    const [file, other] = [join(dir, 'm.tar'), await folder(t)]
    value(await exportModel(manifest, file, BESIDE, context(dir)))
    const taken = value(await importModel(file, undefined, context(other))).manifest
    assert.deepEqual([taken.digest, taken.files], [manifest.digest, manifest.files])
    assert.deepEqual([taken.source.kind, taken.attested], ['bundle', false])
  })

  test('a store that changed is not exported', async (t) => {
    const { dir, manifest } = await inStore(t)
    const [first] = filesOf(manifest)
    assert.ok(first)
    await writeFile(storePaths(dir).blob(first.digest), 'other')
    const refused = await exportModel(manifest, join(dir, 'm.tar'), BESIDE, context(dir))
    assert.equal(refused.ok ? null : refused.error.code, 'store-changed')
    assert.ok(!(await readdir(dir)).includes('m.tar'))
  })

  test('a bundle with any byte changed, cut or added is refused, and names nothing', async (t) => {
    const { dir, manifest } = await inStore(t)
    const file = join(dir, 'm.tar')
    value(await exportModel(manifest, file, BESIDE, context(dir)))
    const whole = await readFile(file)
    const spoilt = fc.oneof(
      fc.nat(whole.length - 1).map((at) => {
        const bytes = Buffer.from(whole)
        bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
        return bytes
      }),
      fc.nat(whole.length - 1).map((at) => whole.subarray(0, at)),
      fc.uint8Array({ minLength: 1, maxLength: 2000 }).map((more) => Buffer.concat([whole, more])),
    )
    let at = 0
    await fc.assert(
      fc.asyncProperty(spoilt, async (bytes) => {
        const other = join(dir, `o${at++}`)
        await writeFile(file, bytes)
        const taken = await importModel(file, undefined, context(other))
        // what pads a file to a block is in no file, and what it says of its licence or name is only said
        if (!taken.ok) {
          assert.ok(
            ['bundle-malformed', 'digest-mismatch', 'invalid-name'].includes(taken.error.code),
          )
          assert.deepEqual(await readdir(storePaths(other).manifests).catch(() => []), [])
        } else assert.equal(taken.value.manifest.digest, manifest.digest)
      }),
      { numRuns: 60 },
    )
  })
})

test('garbage is what no manifest names and is not young; an unreadable manifest keeps everything', async (t) => {
  const { dir, manifest } = await inStore(t)
  const paths = storePaths(dir)
  const old = new Date(0)
  for (const name of [paths.blob('a'.repeat(64)), join(paths.partial, 'left')]) {
    await writeFile(name, 'left')
    await utimes(name, old, old)
  }
  assert.deepEqual(await findGarbage(dir, Date.now()), [], 'just written')
  const later = Date.now() + 7_200_000
  const found = await findGarbage(dir, later)
  assert.ok(found !== 'unreadable-manifest')
  assert.deepEqual(
    found.map(({ kind }) => kind),
    ['blob', 'partial'],
  )
  await removeGarbage(dir, found)
  assert.deepEqual(await findGarbage(dir, later), [])
  for (const { digest } of filesOf(manifest)) assert.ok(await readFile(paths.blob(digest)))
  await writeFile(paths.manifest('broken'), '{')
  assert.equal(await findGarbage(dir, later), 'unreadable-manifest')
})

test('a safe name never leads out of its folder', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      if (!isSafeName(name)) return
      assert.ok(join('/model', name).startsWith('/model/'))
      assert.ok(!/[\p{Cc}\\:]/u.test(name))
    }),
  )
  for (const name of ['a', 'a/b.txt', 'é.json', 'model-00001-of-00002.safetensors'])
    assert.ok(isSafeName(name), name)
})
