/** One of the files that weights were cut into, by its name: `STEM-00001-of-00003.gguf` (llama.cpp), `.safetensors` (the Hub). */
export interface ShardName {
  /** Path without number and ending. */
  readonly stem: string
  readonly ending: 'gguf' | 'safetensors'
  /** From 1. */
  readonly at: number
  readonly of: number
  readonly digits: number
}

/** The name of a shard; null when it is none. */
export function readShardName(path: string): ShardName | null {
  const match = /^(.*[^/])-(\d{5,6})-of-(\d{5,6})\.(gguf|safetensors)$/i.exec(path)
  const [, stem = '', first = '', count = '', ending = ''] = match ?? []
  const [at, of] = [Number(first), Number(count)]
  if (match === null || first.length !== count.length || at < 1 || at > of) return null
  const kind = ending.toLowerCase() === 'gguf' ? 'gguf' : 'safetensors'
  return { stem, ending: kind, at, of, digits: first.length }
}

/** The shards of one model, in order. */
export interface ShardSet<File> {
  readonly stem: string
  readonly ending: ShardName['ending']
  readonly of: number
  /** In the order of their numbers; those that are missing are left out. */
  readonly files: readonly File[]
  /** Names of those that are not there. */
  readonly missing: readonly string[]
}

/** Missing shards that are named. */
const MOST_NAMED = 5

/** The sets of shards among files; files that are no shards are in none. */
export function shardSets<File extends { readonly path: string }>(
  files: readonly File[],
): readonly ShardSet<File>[] {
  const named = files.flatMap((file) => {
    const shard = readShardName(file.path)
    return shard === null ? [] : [{ file, shard }]
  })
  const sets = Map.groupBy(named, ({ shard }) => `${shard.stem}/${shard.of}.${shard.ending}`)
  return [...sets.values()].map((set): ShardSet<File> => {
    const byNumber = new Map(set.map(({ file, shard }) => [shard.at, file]))
    const { stem, ending, of, digits } = set[0]?.shard ?? NONE
    const five = (count: number): string => String(count).padStart(digits, '0')
    const missing: string[] = []
    // a name may claim a million shards
    for (let at = 1; at <= of && missing.length < MOST_NAMED; at++)
      if (!byNumber.has(at)) missing.push(`${stem}-${five(at)}-of-${five(of)}.${ending}`)
    const ordered = [...byNumber].toSorted(([a], [b]) => a - b).map(([, file]) => file)
    return { stem, ending, of, files: ordered, missing }
  })
}

const NONE: ShardName = { stem: '', ending: 'gguf', at: 1, of: 1, digits: 5 }
