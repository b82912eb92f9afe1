import { createHash } from 'node:crypto'
import { z } from 'zod'
import { canonicalJson } from '#kernel/canonical-json.ts'
import { ZONES, type Zone } from '#kernel/destination.ts'
import type { Category, DataClass } from '#kernel/label.ts'
import type { EpochMs } from '#kernel/units.ts'
import type { DecisionEvent, OutcomeEvent, StoredRecord } from '../event.ts'
import { readEvent } from '../read-event.ts'
import { timeOfId } from '../tally.ts'
import type { VerifyReport } from '../verify.ts'

/** What a statement is asked about: requests with this label, in this time, and the zones that they should not have left. */
export interface Question {
  /** One organisation; null: all of them. */
  readonly tenant: string | null
  readonly category: Category | null
  readonly class: DataClass | null
  readonly since: EpochMs
  readonly until: EpochMs
  readonly inside: readonly Zone[]
}

/** How many requests, each in one of these by the farthest it went. */
export interface Answer {
  readonly requests: number
  /** Nothing was sent. */
  readonly refused: number
  readonly fromCache: number
  readonly inside: number
  /** It went beyond those zones, masked, and what went had the label no more. */
  readonly outsideMasked: number
  readonly outside: number
  /** Of all these: no outcome was recorded, so that the destination decided on counts as asked. */
  readonly withoutOutcome: number
  /** Of all these: texts that could not be read, which may have held anything. */
  readonly undetermined: number
}

export interface Place {
  readonly destination: string
  readonly zone: Zone
  readonly masked: boolean
  readonly requests: number
}

export interface Ruling {
  readonly version: string
  readonly requests: number
}

/** The text of a catalogue by its version; null where it is not kept. */
export type ReadCatalogue = (version: string) => Promise<string | null>

const StoredPlaces = z.array(
  z.object({
    id: z.string(),
    zone: z.enum(ZONES),
    models: z.array(z.object({ zone: z.enum(ZONES).optional() })),
  }),
)

type Reach = 'refused' | 'fromCache' | 'inside' | 'outsideMasked' | 'outside'
const REACHES: readonly Reach[] = ['refused', 'fromCache', 'inside', 'outsideMasked', 'outside']

/** Counts where requests with a label went, one record of the ledger after the other. */
export class FlowCount {
  readonly #question: Question
  readonly #catalogue: ReadCatalogue
  readonly #open = new Map<string, DecisionEvent>()
  readonly #reached: Record<Reach, number> = {
    refused: 0,
    fromCache: 0,
    inside: 0,
    outsideMasked: 0,
    outside: 0,
  }
  readonly #places = new Map<string, Place>()
  readonly #policies = new Map<string, number>()
  readonly #zones = new Map<string, Promise<ReadonlyMap<string, Zone>>>()
  #withoutOutcome = 0
  #undetermined = 0

  constructor(question: Question, catalogue: ReadCatalogue) {
    this.#question = question
    this.#catalogue = catalogue
  }

  async add(record: StoredRecord): Promise<void> {
    const { tenant } = this.#question
    if (record.payload === null || (tenant !== null && record.tenant !== tenant)) return
    if (record.type === 'outcome') {
      const decision = this.#open.get(record.id)
      const event = decision ? readEvent(record.payload) : null
      if (!decision || event?.type !== 'outcome') return
      this.#open.delete(record.id)
      await this.#settle(decision, event)
    } else if (record.type === 'decision' && this.#isInTime(record.id)) {
      const event = readEvent(record.payload)
      if (event?.type === 'decision' && this.#isMeant(event)) this.#open.set(record.id, event)
    }
  }

  /** Decisions whose outcome another chain may hold, or nobody: they are looked up by their id. */
  async end(byId: (id: string) => Promise<readonly StoredRecord[]>): Promise<void> {
    for (const [id, decision] of this.#open) {
      const events = (await byId(id)).map(({ payload }) => readEvent(payload))
      const outcome = events.find((event) => event?.type === 'outcome') ?? null
      if (!outcome) this.#withoutOutcome += 1
      await this.#settle(decision, outcome)
    }
    this.#open.clear()
  }

  answer(): Answer {
    const requests = REACHES.reduce((sum, reach) => sum + this.#reached[reach], 0)
    return {
      requests,
      ...this.#reached,
      withoutOutcome: this.#withoutOutcome,
      undetermined: this.#undetermined,
    }
  }

  places(): readonly Place[] {
    return [...this.#places.values()].toSorted((a, b) => b.requests - a.requests)
  }

  policies(): readonly Ruling[] {
    return [...this.#policies].map(([version, requests]) => ({ version, requests }))
  }

  #isInTime(id: string): boolean {
    const at = timeOfId(id)
    return at >= this.#question.since && at < this.#question.until
  }

  /** What could not be read may hold anything: it counts for every category. */
  #isMeant(label: Pick<DecisionEvent, 'class' | 'categories' | 'undetermined'>): boolean {
    const { category, class: asked } = this.#question
    if (label.undetermined) return true
    return (
      (category === null || label.categories.includes(category)) &&
      (asked === null || label.class === asked)
    )
  }

  async #settle(decision: DecisionEvent, outcome: OutcomeEvent | null): Promise<void> {
    this.#policies.set(decision.policy, (this.#policies.get(decision.policy) ?? 0) + 1)
    if (decision.undetermined) this.#undetermined += 1
    let farthest: Reach = outcome?.cached === undefined ? 'refused' : 'fromCache'
    for (const destination of new Set(sentTo(decision, outcome))) {
      const zone = await this.#zoneOf(decision, destination)
      const mask = decision.masked?.find((one) => one.class !== null && one.zones.includes(zone))
      const left = mask?.class ? { ...mask, class: mask.class } : decision
      const isOutside = !this.#question.inside.includes(zone)
      const reach = !isOutside ? 'inside' : this.#isMeant(left) ? 'outside' : 'outsideMasked'
      if (REACHES.indexOf(reach) > REACHES.indexOf(farthest)) farthest = reach
      this.#note({ destination, zone, masked: mask !== undefined })
    }
    this.#reached[farthest] += 1
  }

  #note(place: Omit<Place, 'requests'>): void {
    const key = `${place.zone} ${place.masked} ${place.destination}`
    const requests = (this.#places.get(key)?.requests ?? 0) + 1
    this.#places.set(key, { ...place, requests })
  }

  async #zoneOf(decision: DecisionEvent, destination: string): Promise<Zone> {
    if (destination === decision.destination && decision.zone !== null) return decision.zone
    const known = this.#zones.get(decision.catalogue) ?? this.#readZones(decision.catalogue)
    this.#zones.set(decision.catalogue, known)
    // what nobody can tell any more counts as the farthest
    return (await known).get(destination) ?? 'api'
  }

  /** The farthest zone of each destination; none where the text is not that of its version. */
  async #readZones(version: string): Promise<ReadonlyMap<string, Zone>> {
    const text = (await this.#catalogue(version)) ?? ''
    const digest = createHash('sha256').update(text).digest('hex')
    if (!digest.startsWith(version)) return new Map()
    const places = StoredPlaces.parse(JSON.parse(text))
    return new Map(
      places.map(({ id, zone, models }) => {
        const zones = [zone, ...models.map((model) => model.zone ?? zone)]
        return [id, ZONES.findLast((one) => zones.includes(one)) ?? 'api']
      }),
    )
  }
}

/** Where the content went; without an outcome, where it may have gone. */
function sentTo(decision: DecisionEvent, outcome: OutcomeEvent | null): readonly string[] {
  if (outcome === null) return decision.destination === null ? [] : [decision.destination]
  if (outcome.sentTo) return outcome.sentTo
  return outcome.destination === null || outcome.status === 'refused' ? [] : [outcome.destination]
}

/** A statement as it is signed: canonical JSON, so that the same facts are the same text. */
export const statementText = (
  question: Question,
  count: FlowCount,
  {
    report,
    at,
    key,
  }: { readonly report: VerifyReport; readonly at: EpochMs; readonly key: string },
): string =>
  canonicalJson({
    format: 'ecluse-statement',
    v: 1,
    at,
    key,
    question: { ...question },
    answer: { ...count.answer() },
    places: count.places().map((place) => ({ ...place })),
    policies: count.policies().map((ruling) => ({ ...ruling })),
    evidence: {
      whole: report.ok,
      problem: report.firstProblem && { ...report.firstProblem },
      records: report.records,
      erased: report.erased,
      removed: report.removed,
      heads: report.heads.map((head) => ({ ...head })),
      checkpoint: report.checkpoints.last && { ...report.checkpoints.last },
      anchoredUpTo: report.checkpoints.anchoredUpTo,
    },
  })
