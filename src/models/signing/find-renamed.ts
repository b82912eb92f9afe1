import { hashPieces, type HashOptions } from '../digests/hash-pieces.ts'
import type { Differences } from './problem.ts'
import { compareNames } from './resource-name.ts'
import type { Manifest } from './statement.ts'
import type { ModelFile } from './walk-model.ts'

/** More added files than this are not read to see whether they are old ones: what is wrong is plain enough. */
const MOST_READ = 256

/** Missing files that are there under another name. */
export async function findRenamed(
  manifest: Manifest,
  missing: readonly string[],
  added: readonly ModelFile[],
  options: HashOptions,
): Promise<Differences['renamed']> {
  const canTell = manifest.serialization.method === 'files' && missing.length > 0
  if (!canTell || added.length > MOST_READ) return []
  const algorithm = manifest.serialization.hashType
  const outcomes = await hashPieces(
    added.map(({ path }) => ({ path, algorithm, start: 0, end: null, followLink: false })),
    options,
  )
  const digests = new Map(manifest.resources.map(({ name, digest }) => [name, digest]))
  const free = new Map(
    added.flatMap(({ name }, at) => {
      const outcome = outcomes[at]
      return outcome?.ok === true ? [[name, outcome.value.hex] as const] : []
    }),
  )
  const renamed: { from: string; to: string }[] = []
  for (const from of missing) {
    const to = [...free.keys()]
      .toSorted(compareNames)
      .find((name) => free.get(name) === digests.get(from))
    if (to === undefined) continue
    free.delete(to)
    renamed.push({ from, to })
  }
  return renamed
}
