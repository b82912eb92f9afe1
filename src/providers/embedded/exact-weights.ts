import { err, ok, type Result } from '#kernel/result.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Hosted, ModelHost } from './model-host.ts'

/** The header by which the gateway says which weights it has decided for, SHA-256 in hexadecimal. */
export const WEIGHTS_HEADER = 'x-ecluse-weights'

/** Weights as the store names them now. */
export interface NamedWeights {
  readonly name: string
  /** SHA-256 of them, or of their list. */
  readonly digest: string
}

/** What a place in memory is known by: a name may come to stand for other weights while the old ones are there. */
export const placeOf = ({ name, digest }: NamedWeights): string => `${name}@${digest}`

/** The name of a place; no model has that sign in its own. */
export const nameOfPlace = (place: string): string => place.slice(0, place.lastIndexOf('@'))

/** Seconds after which the gateway knows which weights a name stands for. */
const RETRY_SECONDS = 5

const OTHERS: Refusal = {
  code: 'model-not-ready',
  detail: { progress: 'its weights are others than a moment ago' },
  retryAfterSeconds: RETRY_SECONDS,
}

/** The weights of a name, if they are those decided for; null: whoever asks decides for none. */
export const decidedFor = <T extends NamedWeights>(
  stored: T,
  decided: string | null,
): Result<T, Refusal> => (decided === null || decided === stored.digest ? ok(stored) : err(OTHERS))

/** How the weights of a place are brought into memory: those it is known by, or none. */
export const opening =
  <T extends NamedWeights, M extends Hosted>(
    find: (name: string) => Promise<Result<T, Refusal>>,
    load: (stored: T) => Promise<Result<M, Refusal>>,
  ) =>
  async (place: string): Promise<Result<M, Refusal>> => {
    const stored = await find(nameOfPlace(place))
    if (!stored.ok) return stored
    return placeOf(stored.value) === place ? load(stored.value) : err(OTHERS)
  }

/** Lets everything go that is in memory under a name, whichever weights. Refused while one of them writes. */
export async function unloadNamed(
  host: Pick<ModelHost<Hosted>, 'states' | 'unload'>,
  name: string,
): Promise<Result<number, Refusal>> {
  const places = host.states().map((one) => one.name)
  let gone = 0
  for (const place of places.filter((one) => nameOfPlace(one) === name)) {
    const unloaded = await host.unload(place)
    if (!unloaded.ok) return unloaded
    if (unloaded.value) gone++
  }
  return ok(gone)
}
