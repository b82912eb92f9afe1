import { tableOf } from '#classify/class-edits.ts'
import { classifyLarge } from '#classify/classify-large.ts'
import type { Classify, ClassifyOptions } from '#classify/classify.ts'
import type { RunScanJob } from '#classify/scan-jobs.ts'
import type { DataHouse, RequestWatch } from '#gateway/ports.ts'
import type { Destination } from '#kernel/destination.ts'
import { UNDETERMINED } from '#kernel/label.ts'
import type { Identity } from '#identity/identity.ts'
import type { Clock } from '#kernel/ports.ts'
import type { Masking } from '#pipeline/masking.ts'
import type { Classified, House } from '#pipeline/ports.ts'
import { serve } from '#pipeline/serve.ts'
import { openLines } from '#providers/lines.ts'
import { DEFAULT_TIMEOUTS, type Timeouts } from '#providers/net.ts'
import type { Config } from '#config/types.ts'
import { lineGenerations, type LineGenerations } from './line-generations.ts'
import type { LiveConfig } from './live-config.ts'
import type { Log } from './log.ts'

/** Classifies, and remembers earlier texts where it is told whose they are. */
export type TenantClassify = (
  parts: Parameters<House['classify']>[0],
  tenant?: string,
) => ReturnType<House['classify']>

/** Everything of a house but its connections, which each request leases, and the memory of one tenant. */
export type HouseWithoutLines = Omit<House, 'ask' | 'classify'> & {
  readonly classify: TenantClassify
}

/** Serves requests, each with the lines that were open when it began, and marks its stages where someone watches. */
export const servingWith =
  (house: HouseWithoutLines, lines: LineGenerations): DataHouse['serve'] =>
  async (exchange, request, reply, signal, watch) => {
    const lease = lines.lease()
    const { tenant } = exchange.caller
    const own: House = {
      ...house,
      ask: lease.ask,
      classify: (parts) => house.classify(parts, tenant),
    }
    try {
      await serve(watch ? watched(own, watch) : own, exchange, request, reply, signal)
    } finally {
      lease.release()
    }
  }

/** The house as one watched request sees it: every stage is marked where it ends. */
function watched(house: House, watch: RequestWatch): House {
  let hasAsked = false
  return {
    ...house,
    classify(parts) {
      const classified = house.classify(parts)
      const mark = (done: Classified): Classified => {
        watch.mark('classify')
        return done
      }
      return classified instanceof Promise ? classified.then(mark) : mark(classified)
    },
    gate: {
      ...house.gate,
      decide(facts, health) {
        const verdict = house.gate.decide(facts, health)
        watch.mark('decide')
        return verdict
      },
    },
    record(event, options) {
      const recorded = house.record(event, options)
      if (recorded.ok) watch.recorded(event, recorded.value.id)
      if (event.type === 'decision') watch.mark('record')
      return recorded
    },
    ask(passage, options, sink, signal) {
      // what lies between is the wait for the disk, and the writing of what is sent
      if (!hasAsked) watch.mark('commit')
      hasAsked = true
      return house.ask(passage, options, sink, signal)
    },
  }
}

/** What the configuration says of findings. */
type Meaning = Pick<Config, 'floor' | 'classes'>

/** A classifier that throws has classified nothing: the request is treated as the highest class. Large texts are scanned by `run`, so that they delay nobody. */
export function failClosed(
  classify: Classify,
  run: RunScanJob,
  meaning: () => Meaning,
  log: Log,
): TenantClassify {
  const aside = classifyLarge(classify, run)
  return (parts, tenant) => {
    try {
      const classified = aside(parts, optionsOf(meaning(), tenant))
      return classified instanceof Promise ? classified.catch(() => unclassified(log)) : classified
    } catch {
      return unclassified(log)
    }
  }
}

const optionsOf = ({ floor, classes }: Meaning, tenant: string | undefined): ClassifyOptions => ({
  floor,
  table: tableOf(classes),
  ...(tenant === undefined ? {} : { tenant }),
})

function unclassified(log: Log): Classified {
  log('error', { code: 'internal-error', what: 'classifier' })
  return { label: UNDETERMINED, findings: [] }
}

/** Masks by what the configuration says of findings, under keys of this house. */
export const maskingWith = (
  { placeholders }: Pick<Identity, 'placeholders'>,
  meaning: () => Meaning,
): Masking => ({ table: () => tableOf(meaning().classes), digest: placeholders })

/** Timeouts of the file by destination id; others use the defaults. */
const timeoutsOf =
  (live: LiveConfig) =>
  (destination: string): Timeouts => {
    const own = live.current.timeouts.get(destination)
    return own
      ? {
          connectMs: own.connectMs,
          headersMs: own.firstByteMs,
          idleMs: own.idleMs,
          totalMs: own.totalMs,
        }
      : DEFAULT_TIMEOUTS
  }

/** Lines by the configuration in force. Those who began before a reload keep the destinations and keys they began with. */
export const leasedLines = (
  live: LiveConfig,
  destinations: () => readonly Destination[],
  clock: Clock,
): LineGenerations =>
  lineGenerations(() => {
    const known = destinations()
    const { credentials } = live.current
    return openLines(
      () => [...known, ...destinations()],
      (id) => (live.current.credentials.get(id) ?? credentials.get(id))?.reveal() ?? null,
      clock,
      timeoutsOf(live),
    )
  })
