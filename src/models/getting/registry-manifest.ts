import { z } from 'zod'
import { printable } from '#kernel/printable.ts'
import { PullError } from '../pull/pull-failure.ts'
import { MOST_FILES, type Packing } from './plan.ts'
import { isSafeName } from './safe-name.ts'

const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/)
const Annotations = z.record(z.string(), z.string()).nullish()
const Layer = z.object({
  mediaType: z.string(),
  digest: Digest,
  size: z.int().nonnegative(),
  annotations: Annotations,
  /** Ollama names the tensors of a model that is kept tensor by tensor. */
  name: z.string().nullish(),
})
type Layer = z.infer<typeof Layer>

/** A manifest of one artefact; an index of several is none. */
export const RegistryManifest = z.object({
  artifactType: z.string().optional(),
  config: Layer.optional(),
  layers: z.array(Layer).min(1).max(MOST_FILES),
})
export type RegistryManifest = z.infer<typeof RegistryManifest>

/** Media types of manifests, and of lists of them. */
export const MANIFEST_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
] as const

/** A file of an artefact, as a layer or the configuration that describes it. */
export interface ArtefactFile {
  readonly path: string
  readonly layer: Pick<Layer, 'digest' | 'size'>
  /** Null: the layer is the file. */
  readonly packing: Packing | null
}

/** The layers that are files of a model, under their names: by what the layer says, else by its media type. */
export function filesOfManifest(
  { config, layers }: RegistryManifest,
  source: string,
): readonly ArtefactFile[] {
  refuseImages({ config, layers })
  const counts = Map.groupBy(layers, ({ mediaType }) => mediaType)
  const taken = new Map<string, number>()
  const files = layers.map((layer): ArtefactFile => {
    const packing = packingOf(layer.mediaType)
    const alike = counts.get(layer.mediaType) ?? []
    // the names of what is in a tar stand in the tar
    if (packing?.form === 'tar') return { path: 'layer', layer, packing }
    const path = nameOf(layer, { at: alike.indexOf(layer), of: alike.length })
    if (!isSafeName(path)) throw new PullError({ code: 'source-malformed', detail: { source } })
    const before = taken.get(path) ?? 0
    taken.set(path, before + 1)
    return { path: before === 0 ? path : `${before}-${path}`, layer, packing }
  })
  const described = config && DESCRIPTIONS[config.mediaType]
  return described === undefined || config === undefined || config.size === 0
    ? files
    : [...files, { path: described, layer: config, packing: null }]
}

/** Configurations that say something of a model, and the names they are kept under. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  'application/vnd.cncf.model.config.v1+json': 'modelpack.json',
  'application/vnd.kitops.modelkit.config.v1+json': 'Kitfile.json',
  'application/vnd.docker.ai.model.config.v0.1+json': 'docker-model.json',
  'application/vnd.docker.ai.model.config.v0.2+json': 'docker-model.json',
}

/** A container image holds a system, and unpacking it would not make a model of it. */
function refuseImages({ layers }: Pick<RegistryManifest, 'config' | 'layers'>): void {
  const isImage = layers.every(
    ({ mediaType, annotations }) =>
      /^application\/vnd\.(?:oci\.image\.layer|docker\.image\.rootfs)\./.test(mediaType) &&
      // what `oras push` makes of a folder has the same type
      annotations?.['org.opencontainers.image.title'] === undefined,
  )
  if (isImage)
    throw new PullError({
      code: 'not-a-model',
      detail: { type: typeShown(layers[0]?.mediaType ?? '') },
    })
}

/** How a layer is packed, by the end of its media type; null where it is the file itself. */
export function packingOf(mediaType: string): Packing | null {
  const match = /[./](tar|raw)(?:[+.]([a-z0-9]+))?$/.exec(mediaType)
  const [, form, compression = 'none'] = match ?? []
  if (form === undefined || (form === 'raw' && compression === 'none')) return null
  if (compression !== 'none' && compression !== 'gzip' && compression !== 'zstd')
    throw new PullError({ code: 'layer-unsupported', detail: { type: typeShown(mediaType) } })
  return { form: form === 'tar' ? 'tar' : 'raw', compression }
}

/** A media type is short; what is longer is cut, and printed. */
const typeShown = (mediaType: string): string => printable(mediaType.slice(0, 100))

interface Place {
  readonly at: number
  readonly of: number
}

function nameOf({ mediaType, annotations, name }: Layer, place: Place): string {
  const said =
    annotations?.['org.cncf.model.filepath'] ?? annotations?.['org.opencontainers.image.title']
  if (said !== undefined) return said
  if (name) return name
  const bare = mediaType.replace(/[./](?:raw|tar)(?:[+.]\w+)?$/, '')
  if (bare.endsWith('.safetensors')) return sharded('model', 'safetensors', place)
  // the order of layers is the order of shards (docker/model-spec); Ollama has no shards
  if (/\.gguf(?:\.v\d+)?$/.test(bare)) return sharded('model', 'gguf', place)
  if (bare.endsWith('ollama.image.model')) return 'model.gguf'
  const kind = /(?:ollama\.image|docker\.ai(?:\.gguf\.v\d+)?)\.([a-z.]+)$/.exec(bare)?.[1]
  return kind === undefined ? 'layer' : (ENDINGS[kind] ?? kind.replaceAll('.', '-'))
}

const sharded = (stem: string, ending: string, { at, of }: Place): string => {
  const five = (count: number): string => String(count).padStart(5, '0')
  return of === 1 ? `${stem}.${ending}` : `${stem}-${five(at + 1)}-of-${five(of)}.${ending}`
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
  dduf: 'model.dduf',
  'chat.template.jinja': 'chat_template.jinja',
}
