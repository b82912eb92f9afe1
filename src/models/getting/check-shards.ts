import { shardOf, type GgufFacts, ggufFacts } from '../gguf/gguf-facts.ts'
import { readGgufHeader } from '../gguf/gguf-header.ts'
import { PullError } from '../pull/pull-failure.ts'
import type { ManifestFile } from '../store/manifest.ts'
import { readShardName, shardSets } from '../store/shard-name.ts'

/** Weights that were cut into several files are there with all of them, or not at all. */
export function refuseMissingShards(files: readonly { readonly path: string }[]): void {
  const broken = shardSets(files).find(({ missing }) => missing.length > 0)
  if (broken === undefined) return
  throw new PullError({ code: 'shards-missing', detail: { missing: broken.missing.join(', ') } })
}

/** The facts of one GGUF, whole or in shards, whose headers must be those of their names; null when it cannot be read. */
export async function ggufFactsOf(
  blob: (digest: string) => string,
  files: readonly ManifestFile[],
): Promise<GgufFacts | null> {
  let facts: GgufFacts | null = null
  let parameters = 0
  for (const { path, digest } of files) {
    const header = await readGgufHeader(blob(digest)).catch(() => null)
    if (header === null) return null
    const [told, named] = [shardOf(header), readShardName(path)]
    const isOther = told === null ? files.length > 1 : told.at !== named?.at || told.of !== named.of
    if (isOther) throw new PullError({ code: 'shards-disagree', detail: { file: path } })
    facts ??= ggufFacts(header)
    parameters += header.parameters
  }
  return facts && { ...facts, parameters: parameters > 0 ? parameters : null }
}
