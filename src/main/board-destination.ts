import type { Config } from '#config/types.ts'
import type { Destination, ServedModel } from '#kernel/destination.ts'
import { listModels } from '#models/store/find-model.ts'
import type { Manifest } from '#models/store/manifest.ts'
import { taskOfArchitecture } from '#models/store/model-task.ts'
import { servedWeights } from '#models/store/served-weights.ts'
import { shippedStarterModels, starterNamed } from '#models/starter/starter-models.ts'
import { isMarkedChanged } from '#models/store/verify-blob.ts'
import { homePaths } from './home-paths.ts'

const EMBEDDED = 'embedded'

/** The engine on board as a destination, with every model of the store; null when it is switched off. */
export async function embeddedDestination(config: Config): Promise<Destination | null> {
  if (!config.engine.enabled) return null
  const dir = homePaths(config.home).models
  const all = await loadable(dir)
  const marks = await Promise.all(all.map((one) => isChanged(dir, one)))
  return destinationOf(
    config,
    all.filter((_, at) => marks[at] !== true),
    all.filter((_, at) => marks[at] === true),
  )
}

/** Whether any file of what is loaded was found changed. */
export const isChanged = async (dir: string, manifest: Manifest): Promise<boolean> => {
  for (const { digest } of servedWeights(manifest))
    if (await isMarkedChanged(dir, digest)) return true
  return false
}

/** The models that the engine on board can load. */
export const loadable = async (dir: string): Promise<readonly Manifest[]> =>
  (await listModels(dir)).filter((one) => servedWeights(one).length > 0)

/** The model the engine starts with comes first, also before it has been fetched: asking for it tells how far it is. */
export function destinationOf(
  config: Config,
  manifests: readonly Manifest[],
  changed: readonly Manifest[],
): Destination {
  const { model, context } = config.engine
  const isFirst = (manifest: Manifest): boolean =>
    manifest.name === model || manifest.aliases.includes(model)
  const sorted = [
    ...manifests.filter(isFirst),
    ...manifests.filter((manifest) => !isFirst(manifest)),
  ]
  const served = [
    ...sorted.map((manifest) => servedModel(manifest, context)),
    // still known by name, so that who asks for one is told what is wrong with it
    ...changed.map((one) => ({ ...servedModel(one, context), stopped: 'changed' as const })),
  ]
  const starter = starterNamed(STARTERS, model)
  const awaited: ServedModel = {
    name: starter?.name ?? model,
    aliases: starter?.aliases ?? [],
    upstream: model,
  }
  return {
    id: EMBEDDED,
    dialect: 'openai',
    address: { kind: 'socket', path: homePaths(config.home).engineSocket },
    zone: 'device',
    jurisdiction: 'local',
    clearance: 'restricted',
    state: 'enabled',
    origin: 'embedded',
    models: [...manifests, ...changed].some(isFirst) ? served : [awaited, ...served],
  }
}

const servedModel = (manifest: Manifest, context: number): ServedModel => ({
  name: manifest.name,
  aliases: manifest.aliases,
  upstream: manifest.name,
  contextTokens: Math.min(context, manifest.contextTokens ?? context),
  task: taskOfArchitecture(manifest.architecture),
  ...(manifest.licence === null ? {} : { licence: manifest.licence }),
  ...(manifest.openness === null ? {} : { openness: manifest.openness }),
  digest: manifest.digest,
})

export const STARTERS = shippedStarterModels()

/** Digests that ship with the product. */
export const PINNED: ReadonlySet<string> = new Set(
  STARTERS.flatMap(({ sources }) => sources.map(({ sha256 }) => sha256)),
)
