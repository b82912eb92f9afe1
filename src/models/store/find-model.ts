import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readManifest, type Manifest } from './manifest.ts'
import { isModelName, storePaths } from './store-layout.ts'

/** Every model of the store, by name. A manifest that cannot be read is left out. */
export async function listModels(dir: string): Promise<readonly Manifest[]> {
  const paths = storePaths(dir)
  const names = await readdir(paths.manifests).catch(() => [])
  const read = names
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => readManifest(join(paths.manifests, name)))
  return (await Promise.all(read)).filter((manifest) => manifest !== null)
}

/** The model of that name, else the one that has it as an alias; null when there is none. */
export async function findModel(dir: string, name: string): Promise<Manifest | null> {
  if (!isModelName(name)) return null
  const exact = await readManifest(storePaths(dir).manifest(name))
  if (exact !== null) return exact
  const all = await listModels(dir)
  return all.find(({ aliases }) => aliases.includes(name)) ?? null
}
