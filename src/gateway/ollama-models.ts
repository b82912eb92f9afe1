import type { JsonObject } from '#kernel/canonical-json.ts'
import type { Destination, ServedModel } from '#kernel/destination.ts'
import { taskOf } from '#protocols/openai-embeddings/served-task.ts'
import type { DataHouse } from './ports.ts'

/** A model under one of its names, and the destinations that serve it. */
interface Served {
  readonly name: string
  readonly by: readonly { readonly destination: Destination; readonly model: ServedModel }[]
}

/** `GET /api/tags`: `auto`, then every model of the destinations that are not disabled, once by name. */
export const ollamaTags = (house: DataHouse): JsonObject => ({
  models: servedModels(house).map(({ name }) => ({ ...row(name), modified_at: startOf(house) })),
})

/** `GET /api/ps`: the model that the engine on board holds; what other machines hold is theirs to tell. */
export function ollamaRunning(house: DataHouse): JsonObject {
  const { state, model } = house.engine()
  if (state !== 'ready' || model === null) return { models: [] }
  return { models: [{ ...row(model), expires_at: NEVER, size_vram: 0 }] }
}

/** `POST /api/show`: what the catalogue knows of a model, or null when nothing serves this name. */
export function ollamaModel(house: DataHouse, asked: string): JsonObject | null {
  const served = servedModels(house)
  const found =
    served.find(({ name }) => name === asked) ??
    served.find(
      ({ name, by }) =>
        name !== 'auto' &&
        by.some(({ destination, model }) => namesOf(destination, model).includes(asked)),
    )
  if (!found) return null
  const models = found.by.map(({ model }) => model)
  const licences = [...new Set(models.map((model) => model.licence))]
  const licence = licences.length === 1 ? licences[0] : undefined
  // what fits everywhere the name may lead
  const context = Math.min(...models.map((model) => model.contextTokens ?? Infinity))
  return {
    ...(licence === undefined ? {} : { license: licence }),
    modelfile: '',
    parameters: '',
    template: '',
    details: DETAILS,
    model_info: {
      'general.architecture': 'unknown',
      ...(Number.isFinite(context) ? { 'unknown.context_length': context } : {}),
    },
    capabilities: capabilitiesOf(found),
    modified_at: startOf(house),
  }
}

function servedModels(house: DataHouse): readonly Served[] {
  const usable = house.gate
    .catalogue()
    .destinations.filter(({ state }) => state === 'enabled' || state === 'discovered')
  const all = usable.flatMap((destination) =>
    destination.models.map((model) => ({ destination, model })),
  )
  const byName = Map.groupBy(all, ({ model }) => model.name)
  return [
    ...(usable.length > 0 ? [{ name: 'auto', by: all }] : []),
    ...[...byName].filter(([name]) => name !== 'auto').map(([name, by]) => ({ name, by })),
  ]
}

/** Every name that a request may use for a model. */
const namesOf = ({ id }: Destination, { name, aliases = [] }: ServedModel): readonly string[] =>
  [name, ...aliases].flatMap((known) => [known, `${id}/${known}`])

/** What can be asked for through this gateway; the engine on board takes no tools, others say for themselves. */
function capabilitiesOf({ by }: Served): readonly string[] {
  const tasks = new Set(by.map(({ model }) => taskOf(model)))
  const chats = tasks.has(null) || tasks.has('chat')
  const tools = chats && by.some(({ destination }) => destination.origin !== 'embedded')
  return [
    ...(chats ? ['completion'] : []),
    ...(tools ? ['tools'] : []),
    ...(tasks.has('embeddings') ? ['embedding'] : []),
  ]
}

/** The weights are not here: what is not known of them is empty, in the shape that clients read. */
const DETAILS = {
  parent_model: '',
  format: '',
  family: '',
  families: [],
  parameter_size: '',
  quantization_level: '',
}

const row = (name: string): JsonObject => ({
  name,
  model: name,
  size: 0,
  digest: '',
  details: DETAILS,
})

const startOf = ({ startedAt }: DataHouse): string => new Date(startedAt).toISOString()

/** The engine keeps its model until it stops. */
const NEVER = '9999-12-31T23:59:59Z'
