import { createHash } from 'node:crypto'
import { z } from 'zod'
import { isSafeUrl, shownUrl } from '../http-download.ts'
import { PullError } from '../pull-failure.ts'
import type { PullContext } from '../pull-request.ts'
import { getSmall, jsonOf, type Got } from './get-json.ts'
import { MOST_FILES, type PlannedFile, type PullPlan } from './plan.ts'
import { isSafeName } from './safe-name.ts'

/** An artefact of a registry: address, name, and a tag or digest. */
export interface RegistryReference {
  readonly registry: string
  readonly name: string
  readonly reference: string
}

const ACCEPT = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')

const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/)
const Layer = z.object({
  mediaType: z.string(),
  digest: Digest,
  size: z.int().nonnegative(),
  annotations: z.record(z.string(), z.string()).nullish(),
})
/** A manifest of one artefact; an index of several is none. */
export const RegistryManifest = z.object({
  artifactType: z.string().optional(),
  config: Layer.optional(),
  layers: z.array(Layer).min(1).max(MOST_FILES),
})
export type RegistryManifest = z.infer<typeof RegistryManifest>
const Token = z.object({ token: z.string().optional(), access_token: z.string().optional() })

/** `HOST/NAME:TAG` or `HOST/NAME@sha256:HEX`; null when it is neither. */
export function readRegistryReference(text: string): RegistryReference | null {
  const match =
    /^([a-z0-9.-]+(?::\d+)?|\[::1\]:\d+)\/([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::([\w][\w.-]{0,127})|@(sha256:[0-9a-f]{64}))?$/.exec(
      text,
    )
  const [, host, name, tag, digest] = match ?? []
  if (host === undefined || name === undefined) return null
  const isHere = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::|$)/.test(host)
  const registry = `${isHere ? 'http' : 'https'}://${host}`
  return { registry, name, reference: digest ?? tag ?? 'latest' }
}

/** A model of the Ollama library: `NAME`, `NAME:TAG` or `OWNER/NAME:TAG`; null when it is none. */
export function readOllamaReference(text: string, registry: string): RegistryReference | null {
  const match = /^((?:[a-z0-9][\w.-]{0,79}\/)?[a-z0-9][\w.-]{0,79})(?::([\w][\w.-]{0,79}))?$/i.exec(
    text,
  )
  const [, name, tag = 'latest'] = match ?? []
  if (name === undefined) return null
  return { registry, name: name.includes('/') ? name : `library/${name}`, reference: tag }
}

/** The files of an artefact; its manifest is fixed by its digest, its layers by theirs. */
export async function registryPlan(
  { registry, name, reference }: RegistryReference,
  kind: 'oci' | 'ollama-registry',
  context: PullContext,
): Promise<PullPlan> {
  const base = `${registry.replace(/\/+$/, '')}/v2/${name}`
  const url = new URL(`${base}/manifests/${reference}`)
  const { got, headers } = await authorised(url, { accept: ACCEPT }, context)
  const manifest = jsonOf(got, RegistryManifest)
  const digest = createHash('sha256').update(got.bytes).digest('hex')
  const source = shownUrl(url)
  const stated = got.headers['docker-content-digest']
  const isOther =
    (reference.startsWith('sha256:') && reference !== `sha256:${digest}`) ||
    (typeof stated === 'string' && stated !== `sha256:${digest}`)
  if (isOther) throw new PullError({ code: 'source-malformed', detail: { source } })
  const { authorization } = headers
  const files = filesOfManifest(manifest, source).map(({ path, layer }): PlannedFile => ({
    path,
    bytes: layer.size,
    expected: { kind: 'sha256', hex: layer.digest.slice('sha256:'.length) },
    from: {
      kind: 'url',
      url: new URL(`${base}/blobs/${layer.digest}`),
      access: authorization === undefined ? null : { headers: () => ({ authorization }) },
    },
  }))
  return {
    files,
    source: { kind, reference: `${new URL(registry).host}/${name}@sha256:${digest}` },
    attested: true,
    aliasDigests: [digest],
    licence: null,
  }
}

type ManifestLayer = z.infer<typeof Layer>

/** The layers that are files of a model, under their names: by what the layer says, else by its media type. */
export function filesOfManifest(
  { layers }: RegistryManifest,
  source: string,
): readonly { readonly path: string; readonly layer: ManifestLayer }[] {
  const taken = new Map<string, number>()
  return layers.map((layer) => {
    // one layer, one file: an archive in a layer would have to be unpacked
    if (/tar(?:$|[+.])/.test(layer.mediaType))
      throw new PullError({
        code: 'layer-unsupported',
        detail: { type: layer.mediaType.slice(0, 100) },
      })
    const path = nameOf(layer)
    if (!isSafeName(path)) throw new PullError({ code: 'source-malformed', detail: { source } })
    const before = taken.get(path) ?? 0
    taken.set(path, before + 1)
    return { path: before === 0 ? path : `${before}-${path}`, layer }
  })
}

function nameOf({ mediaType, annotations }: ManifestLayer): string {
  const said =
    annotations?.['org.cncf.model.filepath'] ?? annotations?.['org.opencontainers.image.title']
  if (said !== undefined) return said
  if (/(?:ollama\.image\.model|docker\.ai\.gguf)/.test(mediaType)) return 'model.gguf'
  const kind = /(?:ollama\.image|docker\.ai)\.([a-z.]+)$/.exec(mediaType)?.[1] ?? 'layer'
  return ENDINGS[kind] ?? kind.replaceAll('.', '-')
}

/** What layers of Ollama and of Docker's model runner are called as files. */
const ENDINGS: Readonly<Record<string, string>> = {
  license: 'LICENSE',
  template: 'template.txt',
  system: 'system.txt',
  params: 'params.json',
  messages: 'messages.json',
  projector: 'projector.gguf',
  adapter: 'adapter.gguf',
  mmproj: 'mmproj.gguf',
  lora: 'lora.gguf',
  'chat.template.jinja': 'chat_template.jinja',
}

/** A registry that asks for a token says where to get one; it is sent to this registry alone. */
async function authorised(
  url: URL,
  headers: Readonly<Record<string, string>>,
  { ports, signal }: PullContext,
): Promise<{ got: Got; headers: Readonly<Record<string, string>> }> {
  const first = await getSmall(url, headers, ports, signal)
  if (first.status !== 401) return { got: first, headers }
  const challenge = String(first.headers['www-authenticate'] ?? '')
  const realm = URL.parse(/\brealm="([^"]+)"/.exec(challenge)?.[1] ?? '')
  const source = shownUrl(url)
  if (!/^bearer /i.test(challenge) || realm === null || !isSafeUrl(realm))
    throw new PullError({ code: 'source-refused', detail: { source, status: 401 } })
  for (const name of ['service', 'scope']) {
    const value = new RegExp(`\\b${name}="([^"]*)"`).exec(challenge)?.[1]
    if (value !== undefined) realm.searchParams.set(name, value)
  }
  const told = jsonOf(await getSmall(realm, {}, ports, signal), Token)
  const token = told.token ?? told.access_token
  if (token === undefined || !/^[\w.~+/=-]{1,20000}$/.test(token))
    throw new PullError({ code: 'source-malformed', detail: { source } })
  const carrying = { ...headers, authorization: `Bearer ${token}` }
  return { got: await getSmall(url, carrying, ports, signal), headers: carrying }
}
