import { canonicalJson } from '#kernel/canonical-json.ts'
import { CLASSES, type Category, type Label } from '#kernel/label.ts'
import type { Destination, Zone } from '#kernel/destination.ts'
import type { Receipt } from '#kernel/exchange.ts'
import type { DecisionEvent } from '#ledger/event.ts'
import type { Canary } from './canary.ts'
import {
  hasCanary,
  hasTexts,
  modelIn,
  shareOf,
  sharesBody,
  textsShown,
  toldOf,
  type Open,
} from './open-exchange.ts'
import { answerActionOf, covers, dutiesOf, maskedFor, mayReach, type Told } from './oracle.ts'
import type { Organisation } from './organisation.ts'
import type { Report } from './report.ts'
import type { Recorded } from './upstreams.ts'
import type { Sink } from './world.ts'

/** What the judge is told of the exchanges of one organisation. */
export interface Known {
  readonly report: Report
  /** Those under way, by id. */
  readonly open: ReadonlyMap<string, Open>
  /** All of them, by id: who asked what, for answers that come again. */
  readonly asked: ReadonlyMap<string, Open>
  /** Values of this exchange and the last ones. */
  readonly recent: () => readonly Canary[]
  /** Every state of every destination that there was. */
  readonly places: () => readonly Destination[]
}

/** What leaves, and what it was decided by. */
interface Leaving {
  readonly decision: DecisionEvent
  readonly organisation: Organisation
  readonly raw: Told
  readonly zone: Zone
  readonly body: string
}

/** Leaks that are told. */
const TOLD = 20

/** Says of everything that is seen whether it may be there. */
export class Judge {
  readonly #known: Known

  constructor(known: Known) {
    this.#known = known
  }

  leak(what: string): void {
    const { leaks } = this.#known.report
    if (leaks.length < TOLD) leaks.push(what)
  }

  /** Something left for a destination: might it? */
  left(one: Recorded): void {
    const { report, open: all, asked, places, recent } = this.#known
    report.recorded += 1
    const open = all.get(one.request)
    if (!open) return this.#embedded(one)
    const { decision, organisation } = open.opinion ?? open
    if (!decision) return this.leak('sent before it was decided')
    if (open.opinion) report.opinions += 1
    const known = organisation.catalogue.destinations
    const place = known.find(({ id }) => id === one.destination)
    if (!place) {
      const isOld = places().some(({ id }) => id === one.destination)
      return this.leak(`sent to ${isOld ? 'a place of another catalogue' : 'a place nobody knows'}`)
    }
    const raw = toldOf(open, decision)
    this.#judgeLabel(open, raw.label)
    const upstream = modelIn(one)
    const model = place.models.find((of) => of.upstream === upstream)
    const zone = model?.zone ?? place.zone
    const masked = this.#maskedFor(open, { decision, organisation, raw, zone, body: one.body })
    const told = masked ? { ...raw, label: masked.label } : raw
    if (!mayReach(organisation, place, upstream, told)) {
      this.leak(`${told.label.class} reached ${place.id} (${place.clearance}, ${place.zone})`)
    }
    for (const canary of new Set([...open.asked.planted, ...recent()])) {
      if (!hasCanary(one.body, canary)) continue
      if (canary.categories.some((of) => masked?.categories.has(of)))
        this.leak(`a ${canary.class} value that should be masked reached ${place.id}`)
      const isAbove = CLASSES.indexOf(canary.class) > CLASSES.indexOf(place.clearance)
      const isWithheld = place.withheld?.some((category) => canary.categories.includes(category))
      if (isAbove || isWithheld) this.leak(`a ${canary.class} value reached ${place.id}`)
      if (!open.asked.planted.includes(canary) && !sharesBody(asked, open, canary)) {
        this.leak('a value of another exchange left')
      }
    }
    // what a model said is shown to a model that judges it
    for (const { class: of, categories, needle } of open.spoken) {
      if (of === null || !one.body.includes(needle)) continue
      if (CLASSES.indexOf(of) > CLASSES.indexOf(place.clearance))
        this.leak(`something ${of} that a model said reached ${place.id}`)
      if (categories.some((category) => place.withheld?.includes(category) === true))
        this.leak(`something that a model said reached ${place.id}, from which it is withheld`)
    }
  }

  /** What rules have masked for a zone, and the label that is left as the evidence has it; null: nothing is masked there. */
  #maskedFor(
    open: Open,
    { decision, organisation, raw, zone, body }: Leaving,
  ): { readonly label: Label; readonly categories: ReadonlySet<Category> } | null {
    const categories = maskedFor(organisation, raw, zone)
    const entry = decision.masked?.find(({ zones }) => zones.includes(zone))
    if (categories.size === 0 && !entry) return null
    if (!entry || entry.class === null) {
      this.leak(`sent unmasked to zone ${zone}`)
      return { label: raw.label, categories }
    }
    this.#known.report.masked += 1
    const label = {
      class: entry.class,
      categories: entry.categories,
      undetermined: entry.undetermined,
    }
    for (const canary of open.asked.planted) {
      const isCovered = canary.categories.some((one) => entry.of.includes(one))
      // what is two things at once is masked as either
      if (!isCovered && hasCanary(body, canary) && !covers(label, canary.class, canary.categories))
        this.leak(`a ${canary.class} value was lost from the label of the masked text`)
    }
    return { label, categories }
  }

  /** Only the model of vectors is asked outside of an exchange, and only at home. */
  #embedded({ destination, path, body }: Recorded): void {
    if (!path.endsWith('/embeddings')) return this.leak('sent for nobody')
    const places = this.#known.places().filter(({ id }) => id === destination)
    const own = places.filter(({ zone }) => zone === 'device' || zone === 'on-prem')
    if (own.length === 0) return this.leak(`a question was embedded in ${destination}`)
    const highest = Math.max(...own.map(({ clearance }) => CLASSES.indexOf(clearance)))
    for (const canary of this.#known.recent()) {
      if (hasCanary(body, canary) && CLASSES.indexOf(canary.class) > highest)
        this.leak(`a ${canary.class} value was embedded above clearance`)
    }
  }

  /** The label covers what was planted; what it says less is a leak wherever it goes. */
  #judgeLabel({ asked, exchange }: Open, label: Label): void {
    for (const canary of asked.planted) {
      if (!covers(label, canary.class, canary.categories)) {
        this.leak(`a ${canary.class} ${canary.text.slice(0, 4)} value was labelled ${label.class}`)
      }
    }
    const asks = exchange.narrowing.class
    if (asks && !covers(label, asks, [])) this.leak('a label below what the caller asked for')
  }

  /** An answer that came: from this exchange, or from one that shares everything with it. */
  shown(open: Open, shown: string, receipt: Receipt | null): void {
    const { report } = this.#known
    if (receipt?.cache?.state === 'hit') report.hits += 1
    const text = textsShown(shown)
    open.shown = text
    const firsts: Open[] = []
    for (const id of new Set([...text.matchAll(/echo:(x\d+)\./g)].map(([, one]) => one ?? ''))) {
      if (id === open.exchange.id) continue
      const first = this.#known.asked.get(id)
      if (!first?.decision || !open.decision) {
        this.leak('an answer of nobody')
        continue
      }
      firsts.push(first)
      this.#judgeKept(first, open, receipt)
    }
    this.#judgeSpoken([open, ...firsts], open, text, receipt)
    for (const canary of this.#known.recent()) {
      const isOwn = [open, ...firsts].some(({ asked }) => asked.planted.includes(canary))
      if (isOwn || !hasCanary(text, canary)) continue
      if (!sharesBody(this.#known.asked, open, canary))
        this.leak('a value of another exchange was shown')
    }
    for (const { text: value } of open.asked.planted) {
      if (text.includes(`/?d=${value}`)) this.leak('a masked value was put back into an address')
      if (text.includes(`via:${value}`)) this.leak('a masked value was put back into a tool')
    }
  }

  /** What models say, and what rules say about it. */
  #judgeSpoken(all: readonly Open[], open: Open, text: string, receipt: Receipt | null): void {
    const { decision, organisation } = open
    if (!decision || !hasTexts(open)) return
    const told = toldOf(open, decision)
    const duties = dutiesOf(organisation, told)
    if (duties.has('review') && text.includes('echo:'))
      this.leak('an answer was shown that a person should have read')
    if (duties.has('second-opinion') && text.includes('echo:') && !receipt?.opinion)
      this.leak('an answer was shown that another model should have judged')
    if (duties.has('disclose') && !receipt?.isDisclosed)
      this.leak('an answer does not say what it is')
    for (const { kind, needle } of all.flatMap(({ spoken }) => spoken)) {
      const action = answerActionOf(organisation, told, kind)
      if (action !== null && text.includes(needle))
        this.leak(`${kind} in an answer were shown in spite of ${action}`)
    }
  }

  #judgeKept(first: Open, open: Open, receipt: Receipt | null): void {
    if (!open.decision) return
    const [mine, theirs] = [shareOf(open), shareOf(first)]
    if (mine !== theirs) this.leak(`an answer crossed from ${theirs} to ${mine}`)
    if (first.asked.url !== open.asked.url) this.leak('an answer crossed surfaces')
    if (first.decision?.policy !== open.decision.policy) this.leak('an answer outlived its policy')
    const told = toldOf(open, open.decision)
    const duties = dutiesOf(open.organisation, told)
    if (['no-store', 'no-cache', 'review', 'second-opinion'].some((duty) => duties.has(duty)))
      this.leak('an answer under a duty was kept')
    const { upTo, semantic } = open.organisation.cache
    if (told.label.undetermined || CLASSES.indexOf(told.label.class) > CLASSES.indexOf(upTo))
      this.leak('an answer above the class of the cache was kept')
    for (const { class: of, needle } of first.spoken) {
      const isAbove = of !== null && CLASSES.indexOf(of) > CLASSES.indexOf(upTo)
      if (isAbove && first.shown?.includes(needle))
        this.leak('an answer whose own text is above the class of the cache was kept')
    }
    if (canonicalJson(first.asked.body) !== canonicalJson(open.asked.body)) {
      if (!semantic) this.leak('another question got the answer')
      this.#judgeMeaning(first, open)
    }
    const from = open.organisation.catalogue.destinations.find(
      (place) => place.id === receipt?.destination,
    )
    if (!from || !mayReach(open.organisation, from, null, told))
      this.leak('an answer came from a place that may not be asked')
  }

  /** Other words got the same answer: never across a no. */
  #judgeMeaning(first: Open, open: Open): void {
    const [a, b] = [canonicalJson(first.asked.body), canonicalJson(open.asked.body)]
    if (/\bnot\b/.test(a) !== /\bnot\b/.test(b))
      this.leak('a negation got the answer of its opposite')
    if (first.asked.planted.length + open.asked.planted.length > 0)
      this.leak('a question with a value in it got the answer of another')
  }

  /** Texts of logs, evidence, metrics, traces and rows hold no value of any class. */
  noted(sink: Sink, text: string): void {
    const { report, open, recent } = this.#known
    report.sinks[sink] = (report.sinks[sink] ?? 0) + 1
    for (const canary of recent()) {
      if (hasCanary(text, canary)) this.leak(`a ${canary.class} value is in the ${sink}`)
    }
    for (const { spoken } of open.values()) {
      // markings are words that a name of a rule or a code may hold
      if (spoken.some(({ kind, needle }) => kind !== 'markings' && text.includes(needle)))
        this.leak(`something that a model said is in the ${sink}`)
    }
    if (text.includes('echo:')) this.leak(`an answer is in the ${sink}`)
  }

  /** What was kept in the vault may be there. */
  kept(open: Open): void {
    this.#known.report.kept += 1
    if (!open.decision) return
    const told = toldOf(open, open.decision)
    const { keep, upTo } = open.organisation.content
    const isAbove = CLASSES.indexOf(told.label.class) > CLASSES.indexOf(upTo)
    if (keep === 'nothing' || isAbove || told.label.undetermined) this.leak('kept in the vault')
    if (dutiesOf(open.organisation, told).has('no-store')) this.leak('kept in spite of a duty')
  }
}
