import type { TestContext } from 'node:test'
import { gitSha, serve, sha256 } from './get.ts'

export const COMMIT = '0123456789abcdef0123456789abcdef01234567'
export const FILES: Readonly<Record<string, Buffer>> = {
  'config.json': Buffer.from('{}'),
  'weights/model.safetensors': Buffer.alloc(300_000, 'w'),
  'empty.txt': Buffer.alloc(0),
}

export interface HubOptions {
  readonly files?: Readonly<Record<string, Buffer>>
  /** Breaks the first answers with the weights off after so many bytes. */
  readonly breaks?: number
  readonly spoil?: (path: string, bytes: Buffer) => Buffer
  /** Who may read: as the Hub refuses everybody else, gated or hidden. */
  readonly token?: string
  readonly closed?: 'gated' | 'private'
  /** Headers beside those that the Hub sends with a file. */
  readonly said?: Readonly<Record<string, string>>
  /** Whether the tree states a Xet hash, and whether LFS too. */
  readonly xet?: 'beside' | 'alone'
}

/** A server that speaks as the Hub does: commits, trees in pages, LFS files by way of another host. */
export async function hub(t: TestContext, options: HubOptions = {}) {
  const { files = FILES, breaks = 0, spoil, token, closed, said = {}, xet } = options
  const seen: string[] = []
  let left = breaks
  const isLfs = (path: string): boolean => /\.(?:safetensors|gguf)$/.test(path)
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
    ...(isLfs(path) && xet !== undefined ? { xetHash: 'c'.repeat(64) } : {}),
    ...(isLfs(path) && xet !== 'alone'
      ? { lfs: { oid: sha256(bytes), size: bytes.length, pointerSize: 130 } }
      : {}),
  }))
  const url = await serve(t, (request, response) => {
    const asked = new URL(request.url ?? '', 'http://hub')
    seen.push(`hub ${asked.pathname} ${request.headers.authorization ?? '-'}`)
    const json = (body: unknown): void => void response.end(JSON.stringify(body))
    const given = request.headers.authorization
    const refuse = (status: number, code?: string): void => {
      if (code !== undefined) response.setHeader('x-error-code', code)
      response.writeHead(status).end('{"error":"no"}')
    }
    if (given !== undefined && given !== `Bearer ${token}` && given !== 'Bearer other')
      return refuse(401)
    const mayRead = closed === undefined || given === `Bearer ${token}`
    if (!mayRead && closed === 'private')
      return refuse(given === undefined ? 401 : 404, 'RepoNotFound')
    // what a gated repository holds is public, its files are not
    if (!mayRead && asked.pathname.includes('/resolve/'))
      return refuse(given === undefined ? 401 : 403, 'GatedRepo')
    if (asked.pathname.startsWith('/api/models/acme/small/revision/absent'))
      return refuse(404, 'RevisionNotFound')
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
    if (files[path] === undefined) return refuse(404, 'EntryNotFound')
    response.setHeader('x-repo-commit', COMMIT)
    if (isLfs(path)) response.setHeader('x-linked-etag', `"${sha256(files[path])}"`)
    if (isLfs(path)) response.setHeader('x-linked-size', files[path].length)
    for (const [name, text] of Object.entries(said)) response.setHeader(name, text)
    if (!isLfs(path)) return void response.end(bytesOf(path))
    response.writeHead(302, { location: `${cdn}/${encodeURIComponent(path)}` }).end()
  })
  return { url, seen }
}
