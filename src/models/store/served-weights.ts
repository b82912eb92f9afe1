import { filesOf, type Manifest, type ManifestFile } from './manifest.ts'
import { shardSets } from './shard-name.ts'

const isGguf = (path: string): boolean => /\.gguf$/i.test(path)

/** Lets a model see or hear; without it the model writes all the same. */
const isProjector = (path: string): boolean =>
  /(?:^|[/._-])(?:mmproj|projector)(?![a-z])/i.test(path)

/** Changes a model: without it, it is another one. */
const isAdapter = (path: string): boolean => /(?:^|\/)(?:\d+-)?(?:adapter|lora)\.gguf$/i.test(path)

/**
 * The GGUF files among those of a model that an engine loads as the model, the first first: the one there is, or all
 * shards of the one. None where there are several models, or an adapter that would be left out.
 */
export function ggufToLoad<File extends { readonly path: string }>(
  files: readonly File[],
): readonly File[] {
  const all = files.filter(({ path }) => isGguf(path))
  const weights = all.filter(({ path }) => !isProjector(path))
  if (all.some(({ path }) => isAdapter(path))) return []
  if (weights.length === 1) return weights
  const [set, ...others] = shardSets(weights)
  const isOneModel = set !== undefined && others.length === 0 && set.missing.length === 0
  return isOneModel && set.files.length === weights.length ? set.files : []
}

/** What the engine on board loads of a model; none where it cannot. */
export const servedWeights = (manifest: Manifest): readonly ManifestFile[] =>
  manifest.format === 'gguf' ? ggufToLoad(filesOf(manifest)) : []
