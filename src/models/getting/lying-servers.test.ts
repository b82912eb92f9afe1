import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { PullError } from '../pull/pull-failure.ts'
import { machinePorts, type PullPorts } from '../pull/pull-ports.ts'
import { storePaths } from '../store/store-layout.ts'
import { codeOf, folder, ports, pull, serve, sha256 } from './testing/get.ts'
import { descriptor, type TestLayer } from './testing/registry.ts'

const CONTENT = Buffer.alloc(200_000, 'w')
const LAYER: TestLayer = [
  'application/vnd.cncf.model.weight.v1.raw',
  CONTENT,
  { 'org.cncf.model.filepath': 'm.safetensors' },
]
const MANIFEST = JSON.stringify({ layers: [descriptor(LAYER)] })

type Handle = Parameters<typeof serve>[1]

/** A registry that is honest but for what it sends as the one blob there is. */
const lying = async (t: Parameters<typeof serve>[0], blob: Handle): Promise<string> => {
  const url = await serve(t, (request, response) => {
    if (request.url?.includes('/manifests/')) return void response.end(MANIFEST)
    return blob(request, response)
  })
  return `oci:${new URL(url).host}/library/small`
}

void describe('servers that lie', () => {
  test('about nothing, and only pack what they send though nobody asked, are understood', async (t) => {
    const packed = { gzip: gzipSync, br: brotliCompressSync, zstd: zstdCompressSync }
    for (const [encoding, pack] of Object.entries(packed)) {
      const reference = await lying(t, (_, response) => {
        response.writeHead(200, { 'content-encoding': encoding, etag: '"x"' })
        response.end(pack(CONTENT))
      })
      const pulled = await pull(await folder(t), reference)
      assert.equal(codeOf(pulled), 'pulled', encoding)
    }
  })

  test('about how much they send are refused, and what they sent is not kept', async (t) => {
    const other = Buffer.alloc(CONTENT.length, 'x')
    const cases: readonly (readonly [string, string, Handle])[] = [
      [
        'longer than stated',
        'larger-than-announced',
        (_, response) => response.end(Buffer.concat([CONTENT, CONTENT])),
      ],
      [
        'without an end',
        'larger-than-announced',
        (_, response) => {
          const more = (): void => {
            while (response.write(CONTENT)) if (response.destroyed) return
            response.once('drain', more)
          }
          more()
        },
      ],
      [
        'packed though nobody asked, and endless once it is unpacked',
        'larger-than-announced',
        (_, response) => {
          response.writeHead(200, { 'content-encoding': 'gzip' })
          response.end(gzipSync(Buffer.alloc(50_000_000)))
        },
      ],
      ['shorter than stated', 'source-unreachable', (_, response) => response.end('w')],
      ['other bytes', 'digest-mismatch', (_, response) => response.end(other)],
      ['an error page', 'digest-mismatch', (_, response) => response.end('x'.repeat(200_000))],
      ['nothing', 'source-unreachable', (_, response) => response.destroy()],
      ['not here', 'artefact-not-found', (_, response) => response.writeHead(404).end()],
      [
        'always wanting another token',
        'login-needed',
        (_, response) => response.writeHead(401).end(),
      ],
    ]
    for (const [what, code, blob] of cases) {
      const dir = await folder(t)
      assert.equal(codeOf(await pull(dir, await lying(t, blob))), code, what)
      assert.deepEqual(await readdir(storePaths(dir).blobs), [], what)
      assert.deepEqual(await readdir(storePaths(dir).manifests), [], what)
    }
  })

  test('about the place they go on from get another chance, and then none', async (t) => {
    const asked: string[] = []
    const half = CONTENT.length / 2
    const reference = await lying(t, (request, response) => {
      asked.push(request.headers.range ?? '-')
      response.setHeader('etag', '"v1"')
      if (request.headers.range === undefined) {
        response.setHeader('content-length', CONTENT.length)
        response.write(CONTENT.subarray(0, half), () => setTimeout(() => response.destroy(), 200))
        return
      }
      // from the beginning, as if that had been asked for
      response.setHeader('content-range', `bytes 0-${half - 1}/${CONTENT.length}`)
      response.writeHead(206).end(CONTENT.subarray(0, half))
    })
    assert.equal(codeOf(await pull(await folder(t), reference)), 'source-unreachable')
    assert.ok(asked.length <= 5, asked.join())
  })

  test('about where to go on lead in circles, out of HTTP or inwards, and are not followed', async (t) => {
    const redirect =
      (location: string): Handle =>
      (_, response) =>
        response.writeHead(302, { location }).end()
    const cases = [
      ['/v2/round', 'too-many-redirects'],
      ['file:///etc/passwd', 'unsafe-address'],
      ['ftp://127.0.0.1/x', 'unsafe-address'],
      ['data:,x', 'unsafe-address'],
      ['http://models.acme.example/x', 'unsafe-address'],
      ['http://[', 'unsafe-address'],
    ] as const
    for (const [location, code] of cases) {
      const refused = await pull(await folder(t), await lying(t, redirect(location)))
      assert.equal(codeOf(refused), code, location)
    }
    // a place of the world: what it leads to is never asked
    for (const inward of [
      'https://10.1.2.3/x',
      'https://[::1]/x',
      'http://127.0.0.1:9/x',
      'https://169.254.169.254/x',
    ]) {
      const world = new URL('https://93.184.216.34/file')
      const refused = await ports
        .get(new URL(inward), {}, new AbortController().signal, world)
        .then(
          () => null,
          (error: unknown) => error,
        )
      assert.ok(refused instanceof PullError && refused.failure.code === 'leads-inward', inward)
    }
    const through: PullPorts = {
      ...ports,
      get: async (url, headers, signal, from) => {
        if (url.host !== 'models.acme.example') return ports.get(url, headers, signal, from)
        const isList = url.pathname.includes('/manifests/')
        return {
          status: isList ? 200 : 302,
          headers: isList ? {} : { location: 'https://10.1.2.3/x' },
          body: (async function* () {
            if (isList) yield Buffer.from(MANIFEST)
          })(),
          discard: async () => undefined,
        }
      },
    }
    const world: PullPorts = {
      ...through,
      // the name stands for a public address
      get: (url, headers, signal, from) =>
        through.get(url, headers, signal, from && new URL('https://93.184.216.34/')),
    }
    const refused = await pull(await folder(t), 'oci:models.acme.example/a/b', {}, world)
    assert.equal(codeOf(refused), 'leads-inward')
  })

  test('by sending a byte now and then count as silent', async (t) => {
    let at = 0
    // every look at the clock is half a minute later
    const slow = machinePorts(() => (at += 31_000), randomUUID, {})
    const url = await serve(t, (_, response) => {
      let sent = 0
      const more = (): void => {
        if (response.destroyed || sent++ > 50) return void response.end()
        response.write('w', () => setTimeout(more, 5))
      }
      more()
    })
    const answer = await slow.get(new URL(url), {}, new AbortController().signal)
    await assert.rejects(async () => {
      for await (const piece of answer.body) assert.ok(piece.length > 0)
    }, /hardly moves/)
  })

  test('in their lists, by length or by shape, are refused', async (t) => {
    const bodies = [
      '{"layers":[]}',
      '{"layers":[{"mediaType":"a","digest":"sha256:0","size":1}]}',
      `{"layers":[{"mediaType":"a","digest":"sha256:${'0'.repeat(64)}","size":-1}]}`,
      '[[[[',
      '\u00ff',
      '',
    ]
    for (const body of bodies) {
      const url = await serve(t, (_, response) => void response.end(Buffer.from(body, 'latin1')))
      const refused = await pull(await folder(t), `oci:${new URL(url).host}/library/small`)
      assert.equal(codeOf(refused), 'source-malformed', body)
    }
    const endless = await serve(t, (_, response) => {
      const more = (): void => {
        while (response.write(CONTENT)) if (response.destroyed) return
        response.once('drain', more)
      }
      more()
    })
    const refused = await pull(await folder(t), `oci:${new URL(endless).host}/library/small`)
    assert.equal(codeOf(refused), 'source-malformed')
    const other = await serve(t, (_, response) => {
      response.setHeader('docker-content-digest', `sha256:${sha256(Buffer.from('other'))}`)
      response.end(MANIFEST)
    })
    const lied = await pull(await folder(t), `oci:${new URL(other).host}/library/small`)
    assert.equal(codeOf(lied), 'source-malformed')
  })
})
