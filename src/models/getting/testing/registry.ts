import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { serve, sha256 } from './get.ts'

/** For tests: media type, bytes, annotations. */
export type TestLayer = readonly [string, Buffer, Readonly<Record<string, string>>?]

export interface RegistryOptions {
  readonly name?: string
  readonly config?: TestLayer
  /** More artefacts beside the first: an index lists them all, with these properties. */
  readonly listed?: readonly (readonly [readonly TestLayer[], object])[]
  /** `user:password` of the only one who gets a token; anybody when absent. */
  readonly login?: string
  /** The identity token that is exchanged for a token by a form, and nothing else. */
  readonly identity?: string
  readonly scheme?: 'bearer' | 'basic'
  /** Answers that a token opens before it runs out. */
  readonly tokenLasts?: number
  /** Where tokens are to be had, if not here. */
  readonly realm?: string
  /** Blobs lie on another host. */
  readonly elsewhere?: boolean
}

/** What a form must say to be given a token for an identity token (distribution, OAuth 2.0 token authentication). */
const isExchange = (form: URLSearchParams, identity: string): boolean =>
  form.get('grant_type') === 'refresh_token' &&
  form.get('refresh_token') === identity &&
  form.get('service') === 'r' &&
  form.get('client_id') !== null

export const descriptor = ([mediaType, bytes, annotations]: TestLayer) => ({
  mediaType,
  digest: `sha256:${sha256(bytes)}`,
  size: bytes.length,
  ...(annotations ? { annotations } : {}),
})

/** For tests: a registry that gives a token to whoever may have one, and manifests and blobs to whoever shows it. */
export async function registry(
  t: TestContext,
  layers: readonly TestLayer[],
  options: RegistryOptions = {},
) {
  const { name = 'library/small', config, listed, login, identity, scheme = 'bearer' } = options
  const seen: string[] = []
  const all = [...layers, ...(listed ?? []).flatMap(([more]) => more), ...(config ? [config] : [])]
  const blobs = new Map(all.map(([, bytes]) => [`sha256:${sha256(bytes)}`, bytes]))
  const manifestOf = (own: readonly TestLayer[]): Buffer =>
    Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        ...(config ? { config: descriptor(config) } : {}),
        layers: own.map(descriptor),
      }),
    )
  const manifests = new Map<string, Buffer>()
  const keep = (bytes: Buffer): string => {
    manifests.set(`sha256:${sha256(bytes)}`, bytes)
    return `sha256:${sha256(bytes)}`
  }
  const children = (listed ?? []).map(([own, about]) => {
    const bytes = manifestOf(own)
    return { digest: keep(bytes), size: bytes.length, ...about }
  })
  const main =
    listed === undefined
      ? manifestOf(layers)
      : Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: children }))
  keep(main)
  manifests.set('latest', main)
  const cdn = await serve(t, (request, response) => {
    seen.push(`cdn ${request.headers.authorization ?? '-'}`)
    response.end(blobs.get((request.url ?? '').slice(1)))
  })
  let issued = 0
  let opened = 0
  const url = await serve(t, async (request, response) => {
    const asked = new URL(request.url ?? '', 'http://registry')
    const given = request.headers.authorization
    seen.push(`${asked.pathname} ${given ?? '-'}`)
    const basic = login === undefined ? null : `Basic ${Buffer.from(login).toString('base64')}`
    if (asked.pathname === '/token') {
      if (basic !== null && given !== basic) return void response.writeHead(401).end()
      const form = new URLSearchParams(request.method === 'POST' ? await text(request) : '')
      if (identity !== undefined && !isExchange(form, identity))
        return void response.writeHead(request.method === 'POST' ? 400 : 401).end()
      const scope = form.get('scope') ?? asked.searchParams.get('scope')
      if (scope !== `repository:${name}:pull`) return void response.writeHead(400).end()
      opened = 0
      issued += 1
      const key = identity === undefined ? 'token' : 'access_token'
      return void response.end(JSON.stringify({ [key]: `abc${issued}` }))
    }
    const isRight = scheme === 'basic' ? given === basic : given === `Bearer abc${issued}`
    if (!isRight || opened >= (options.tokenLasts ?? Infinity)) {
      const challenge =
        scheme === 'basic'
          ? 'Basic realm="r"'
          : `Bearer realm="${options.realm ?? `http://${request.headers.host}/token`}",service="r",scope="repository:${name}:pull"`
      return void response.writeHead(401, { 'www-authenticate': challenge }).end()
    }
    opened += 1
    const [, kind, reference = ''] =
      new RegExp(`^/v2/${name}/(manifests|blobs)/(.*)$`).exec(asked.pathname) ?? []
    const found = kind === 'manifests' ? manifests.get(reference) : blobs.get(reference)
    if (found === undefined) return void response.writeHead(404).end()
    if (kind === 'blobs' && options.elsewhere)
      return void response.writeHead(307, { location: `${cdn}/${reference}` }).end()
    response.end(found)
  })
  const digests = children.map(({ digest }) => digest.slice('sha256:'.length))
  return { url, host: new URL(url).host, digest: sha256(main), digests, seen }
}
