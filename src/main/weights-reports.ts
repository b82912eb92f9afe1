import { isOwnZone, zoneOf, type Destination } from '#kernel/destination.ts'
import { reportedWeights, type ReportedWeights } from '#providers/discover/reported-weights.ts'
import type { LiveConfig } from './live-config.ts'

/** Between two times that servers are asked which weights they run, milliseconds. */
const ASK_MS = 60_000
/** Whether anything hangs on it is looked at this often, milliseconds. */
const LOOK_MS = 1000

export interface WeightsReports {
  /** What a destination last said it runs under a name; null where it said nothing. */
  readonly of: (destination: string, upstream: string) => string | null
  /** Asks all of them once; whether any answer is another one than before. */
  ask(destinations: readonly Destination[]): Promise<boolean>
  /** Asks again and again while it is wanted; `changed` is called when an answer is another one. */
  start(
    destinations: () => readonly Destination[],
    isWanted: () => boolean,
    changed: () => void,
  ): void
  stop(): void
}

/** Which weights run on servers in our own zones, as far as those servers say. Others are not asked: no vendor tells. */
export function weightsReports(live: LiveConfig): WeightsReports {
  const known = new Map<string, { readonly at: string; readonly said: ReportedWeights }>()
  let timer: NodeJS.Timeout | null = null
  let isStopped = false
  const askAll = async (destinations: readonly Destination[]): Promise<boolean> => {
    const asked = destinations.filter(isAsked)
    const answers = await Promise.all(
      asked.map((one) =>
        reportedWeights(one, live.current.credentials.get(one.id)?.reveal() ?? null).catch(
          () => null,
        ),
      ),
    )
    let isOther = false
    for (const [at, { id }] of asked.entries()) {
      const before = known.get(id)
      // silence takes back nothing that a server said: the configuration would be taken at its word again
      const kept = before?.at === placeOf(asked[at]) ? before.said : new Map<string, string>()
      const said = new Map([...kept, ...(answers[at] ?? [])])
      isOther ||= !isSame(before?.said ?? new Map(), said)
      known.set(id, { at: placeOf(asked[at]), said })
    }
    return isOther
  }
  return {
    ask: askAll,
    of: (destination, upstream) => known.get(destination)?.said.get(upstream) ?? null,
    start(destinations, isWanted, changed) {
      let looks = 0
      const look = (): void => {
        looks -= 1
        if (looks > 0 || !isWanted()) return
        looks = ASK_MS / LOOK_MS
        askAll(destinations()).then(
          (isOther) => {
            if (isOther && !isStopped) changed()
          },
          () => undefined,
        )
      }
      look()
      timer = setInterval(look, LOOK_MS)
      timer.unref()
    },
    stop() {
      isStopped = true
      if (timer) clearInterval(timer)
    },
  }
}

/** A destination elsewhere, or with other models, is another one. */
const placeOf = (destination: Destination | undefined): string =>
  JSON.stringify([destination?.address, destination?.models.map(({ upstream }) => upstream)])

const isAsked = (destination: Destination): boolean =>
  destination.address.kind === 'url' &&
  (destination.state === 'enabled' || destination.state === 'discovered') &&
  destination.models.some((model) => isOwnZone(zoneOf(destination, model)))

const isSame = (a: ReportedWeights, b: ReportedWeights): boolean =>
  a.size === b.size && [...a].every(([name, digest]) => b.get(name) === digest)
