import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { serve, sha256 } from './get.ts'

/** A registry that gives a token to whoever asks, and manifests and blobs to whoever has it. */
export async function registry(
  t: TestContext,
  layers: readonly (readonly [string, Buffer, object?])[],
) {
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
