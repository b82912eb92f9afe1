import { AsyncLocalStorage } from 'node:async_hooks'
import type { FastifyRequest } from 'fastify'
import type { Exchange, Receipt } from '#kernel/exchange.ts'
import { canonicalJson } from '#kernel/canonical-json.ts'
import { combineLabels, CLASSES, type Category, type Label } from '#kernel/label.ts'
import { ZONES, type Zone } from '#kernel/destination.ts'
import type { DecisionEvent } from '#ledger/event.ts'
import type { Reply } from '#pipeline/ports.ts'
import { surfaceRoutes } from '#gateway/surfaces/routes.ts'
import { burgle } from './burglar.ts'
import type { Canary } from './canary.ts'
import { makeRequest, type Asked } from './conversation.ts'
import { Dice } from './dice.ts'
import { covers, dutiesOf, maskedFor, mayReach, type Told } from './oracle.ts'
import { makeOrganisation, type Organisation } from './organisation.ts'
import type { Recorded } from './upstreams.ts'
import { openWorld, type Sink, type World } from './world.ts'

/** What was seen, and what should never have been. */
export interface Report {
  exchanges: number
  organisations: number
  planted: number
  recorded: number
  refused: number
  hits: number
  kept: number
  masked: number
  burglaries: number
  /** Texts that sinks were given, by sink. */
  readonly sinks: Record<string, number>
  /** The first of them, in words without content. */
  readonly leaks: string[]
}

/** Exchanges of one organisation. */
const PER_ORGANISATION = 150
/** Exchanges at the same time. */
const AT_ONCE = 4
/** Canaries that are still looked for after their exchange. */
const REMEMBERED = 24
/** Leaks that are told. */
const TOLD = 20

/** Makes exchanges until there are enough, or something leaked. */
export async function exchangeMany(
  seed: number,
  count: number,
  progress: (report: Report) => void = () => {},
): Promise<Report> {
  const run = new Run(seed)
  while (run.report.exchanges < count && run.report.leaks.length === 0) {
    await run.organisation(Math.min(PER_ORGANISATION, count - run.report.exchanges))
    progress(run.report)
  }
  await run.close()
  return run.report
}

interface Open {
  readonly asked: Asked
  readonly exchange: Exchange
  readonly organisation: Organisation
  decision: DecisionEvent | null
}

/** A class because it gathers what is seen. */
class Run {
  readonly report: Report = {
    exchanges: 0,
    organisations: 0,
    planted: 0,
    recorded: 0,
    refused: 0,
    hits: 0,
    kept: 0,
    masked: 0,
    burglaries: 0,
    sinks: {},
    leaks: [],
  }
  readonly #dice: Dice
  readonly #world: World
  #organisation: Organisation
  #open = new Map<string, Open>()
  /** Of this organisation: who asked what, for answers that come again. */
  #asked = new Map<string, Open>()
  #byDecision = new Map<string, Open>()
  #recent: Canary[] = []
  /** The exchange that goes on: the evidence does not say whose request it is. */
  readonly #inside = new AsyncLocalStorage<Open>()

  constructor(seed: number) {
    this.#dice = new Dice(seed)
    this.#organisation = makeOrganisation(this.#dice)
    this.#world = openWorld(() => this.#organisation, this.#dice, {
      left: (one) => this.#left(one),
      noted: (sink, text) => this.#noted(sink, text),
      decided: (id, event) => this.#decided(id, event),
    })
  }

  async organisation(count: number): Promise<void> {
    this.#organisation = makeOrganisation(this.#dice)
    this.#world.renew()
    this.#asked = new Map()
    this.#byDecision = new Map()
    this.report.organisations += 1
    for (let at = 0; at < count; at += AT_ONCE) {
      const together = Math.min(AT_ONCE, count - at)
      await Promise.all(Array.from({ length: together }, () => this.#one()))
      if (this.#dice.chance(0.1)) this.#burgle()
    }
    await turns()
    await this.#world.flush()
    await this.#lookInVault()
  }

  close = (): Promise<void> => this.#world.close()

  async #one(): Promise<void> {
    const dice = this.#dice
    const before = [...this.#asked.values()]
    // the same again, from anybody: what caches are for
    const again = before.length > 0 && dice.chance(0.3) ? dice.one(before) : null
    const asked = again ? again.asked : makeRequest(dice)
    const route = surfaceRoutes.find(({ url }) => url === asked.url)
    if (!route || route.takes === 'form') throw new Error(`no such route: ${asked.url}`)
    this.report.exchanges += 1
    const id = `x${this.report.exchanges}`
    const request = {
      headers: {},
      params: { '*': asked.rest ?? '' },
      query: asked.rest?.includes('stream') ? { alt: 'sse' } : {},
      url: asked.path,
    }
    // the parts of a request that surfaces look at
    const read = route.read(
      asked.body,
      { id, createdSeconds: 0 },
      request as unknown as FastifyRequest,
    )
    if (!read.ok) {
      this.report.refused += 1
      return
    }
    const made = this.#exchange(id, asked)
    // by the same caller, or by anybody
    const exchange = again && dice.chance(0.5) ? { ...again.exchange, id } : made
    const open: Open = { asked, exchange, organisation: this.#organisation, decision: null }
    this.#open.set(id, open)
    this.#asked.set(id, open)
    this.report.planted += asked.planted.length
    this.#recent = [...asked.planted, ...this.#recent].slice(0, REMEMBERED)
    const left = new AbortController()
    const watch = this.#world.watch(id)
    watch.read(read.value.surface, read.value.stream, 100)
    const reply = this.#reply(open, dice.chance(0.03) ? () => left.abort() : () => {})
    await this.#inside.run(open, () =>
      this.#world.serve(exchange, read.value, reply, left.signal, watch),
    )
    watch.ended(200)
    this.#open.delete(id)
  }

  #exchange(id: string, { path, body }: Asked): Exchange {
    const dice = this.#dice
    const zones: readonly Zone[] = ZONES.filter(() => dice.chance(0.7))
    return {
      id,
      receivedAt: 0,
      caller: dice.one(this.#organisation.callers),
      language: dice.one(['en', 'fr']),
      narrowing: {
        ...(dice.chance(0.1) ? { class: dice.one(CLASSES) } : {}),
        ...(dice.chance(0.1) && zones.length > 0 ? { zones } : {}),
        ...(dice.chance(0.1)
          ? { cache: { noStore: dice.chance(0.5), noCache: dice.chance(0.5), maxAgeSeconds: null } }
          : {}),
      },
      likeness: () => ({ path, headers: {}, body }),
    }
  }

  #reply(open: Open, leave: () => void): Reply {
    let text = ''
    let receipt: Receipt | null = null
    const over = (): void => this.#shown(open, text, receipt)
    return {
      limits: () => {},
      refuse: () => {
        this.report.refused += 1
      },
      whole: (_type, of, body) => {
        text += Buffer.from(body).toString('utf8')
        receipt = of
        over()
      },
      head: (_type, of) => {
        receipt = of
      },
      write: (piece) => {
        text += typeof piece === 'string' ? piece : Buffer.from(piece).toString('utf8')
        leave()
        return !this.#dice.chance(0.1)
      },
      onDrain: (resume) => void setImmediate(resume),
      end: over,
      interrupt: over,
    }
  }

  /** Something left for a destination: might it? */
  #left(one: Recorded): void {
    this.report.recorded += 1
    const open = this.#open.get(one.request)
    const place = this.#organisation.catalogue.destinations.find(({ id }) => id === one.destination)
    if (!place) return this.#leak(`sent to ${one.destination}, which nobody knows`)
    if (!open) return this.#embedded(one, place)
    const { decision } = open
    if (!decision) return this.#leak('sent before it was decided')
    const raw = toldOf(open, decision)
    this.#judgeLabel(open, raw.label)
    const upstream = modelIn(one)
    const model = place.models.find((known) => known.upstream === upstream)
    const zone = model?.zone ?? place.zone
    const masked = this.#maskedFor(open, raw, zone, one.body)
    const told = masked ? { ...raw, label: masked.label } : raw
    if (!mayReach(open.organisation, place, upstream, told)) {
      this.#leak(`${told.label.class} reached ${place.id} (${place.clearance}, ${place.zone})`)
    }
    for (const canary of this.#recent) {
      const isOwn = open.asked.planted.includes(canary)
      if (!canary.needles.some((needle) => one.body.includes(needle))) continue
      if (canary.categories.some((one) => masked?.categories.has(one)))
        this.#leak(`a ${canary.class} value that should be masked reached ${place.id}`)
      const isAbove = CLASSES.indexOf(canary.class) > CLASSES.indexOf(place.clearance)
      const isWithheld = place.withheld?.some((category) => canary.categories.includes(category))
      if (isAbove || isWithheld) this.#leak(`a ${canary.class} value reached ${place.id}`)
      if (!isOwn && !sharesBody(this.#asked, open, canary)) {
        this.#leak('a value of another exchange left')
      }
    }
  }

  /** What rules have masked for a zone, and the label that is left as the evidence has it; null: nothing is masked there. */
  #maskedFor(
    open: Open,
    raw: Told,
    zone: Zone,
    body: string,
  ): { readonly label: Label; readonly categories: ReadonlySet<Category> } | null {
    const categories = maskedFor(open.organisation, raw, zone)
    const entry = open.decision?.masked?.find(({ zones }) => zones.includes(zone))
    if (categories.size === 0 && !entry) return null
    if (!entry || entry.class === null) {
      this.#leak(`sent unmasked to zone ${zone}`)
      return { label: raw.label, categories }
    }
    this.report.masked += 1
    const label = {
      class: entry.class,
      categories: entry.categories,
      undetermined: entry.undetermined,
    }
    for (const canary of open.asked.planted) {
      const isCovered = canary.categories.some((one) => entry.of.includes(one))
      // what is two things at once is masked as either
      const isThere = canary.needles.some((needle) => body.includes(needle))
      if (isThere && !isCovered && !covers(label, canary.class, canary.categories))
        this.#leak(`a ${canary.class} value was lost from the label of the masked text`)
    }
    return { label, categories }
  }

  /** Only the model of vectors is asked outside of an exchange, and only at home. */
  #embedded(one: Recorded, place: Organisation['catalogue']['destinations'][number]): void {
    if (!one.path.endsWith('/embeddings')) return this.#leak('sent for nobody')
    if (place.zone !== 'device' && place.zone !== 'on-prem') {
      this.#leak(`a question was embedded in zone ${place.zone}`)
    }
    for (const canary of this.#recent) {
      if (!canary.needles.some((needle) => one.body.includes(needle))) continue
      if (CLASSES.indexOf(canary.class) > CLASSES.indexOf(place.clearance))
        this.#leak(`a ${canary.class} value was embedded above clearance`)
    }
  }

  #decided(id: string, event: DecisionEvent): void {
    const open = this.#inside.getStore()
    if (!open) return
    open.decision = event
    this.#byDecision.set(id, open)
  }

  /** The label covers what was planted; what it says less is a leak wherever it goes. */
  #judgeLabel({ asked, exchange }: Open, label: Label): void {
    for (const canary of asked.planted) {
      if (!covers(label, canary.class, canary.categories)) {
        this.#leak(`a ${canary.class} ${canary.text.slice(0, 4)} value was labelled ${label.class}`)
      }
    }
    const asks = exchange.narrowing.class
    if (asks && !covers(label, asks, [])) this.#leak('a label below what the caller asked for')
  }

  /** An answer that came: from this exchange, or from one that shares everything with it. */
  #shown(open: Open, text: string, receipt: Receipt | null): void {
    const { decision } = open
    if (receipt?.cache?.state === 'hit') this.report.hits += 1
    for (const [, id] of text.matchAll(/ticket:(x\d+)\./g)) {
      if (id === open.exchange.id || id === undefined) continue
      const first = this.#asked.get(id)
      if (!first?.decision || !decision) {
        this.#leak('an answer of nobody')
        continue
      }
      const isSame = shareOf(open) === shareOf(first)
      if (!isSame) this.#leak(`an answer crossed from ${shareOf(first)} to ${shareOf(open)}`)
      if (first.asked.url !== open.asked.url) this.#leak('an answer crossed surfaces')
      const told = toldOf(open, decision)
      const duties = dutiesOf(open.organisation, told)
      if (['no-store', 'no-cache', 'review', 'second-opinion'].some((duty) => duties.has(duty)))
        this.#leak('an answer under a duty was kept')
      const { upTo } = open.organisation.cache
      if (told.label.undetermined || CLASSES.indexOf(told.label.class) > CLASSES.indexOf(upTo))
        this.#leak('an answer above the class of the cache was kept')
      if (canonicalJson(first.asked.body) !== canonicalJson(open.asked.body)) {
        this.#judgeMeaning(first, open)
      }
      const from = open.organisation.catalogue.destinations.find(
        (place) => place.id === receipt?.destination,
      )
      if (!from || !mayReach(open.organisation, from, null, told))
        this.#leak('an answer came from a place that may not be asked')
    }
  }

  /** Other words got the same answer: only where meanings are compared, and never across a no. */
  #judgeMeaning(first: Open, open: Open): void {
    if (!open.organisation.cache.semantic) this.#leak('another question got the answer')
    const [a, b] = [canonicalJson(first.asked.body), canonicalJson(open.asked.body)]
    if (/\bnot\b/.test(a) !== /\bnot\b/.test(b))
      this.#leak('a negation got the answer of its opposite')
    if (first.asked.planted.length + open.asked.planted.length > 0)
      this.#leak('a question with a value in it got the answer of another')
  }

  /** Texts of logs, evidence, metrics, traces and rows hold no value of any class. */
  #noted(sink: Sink, text: string): void {
    this.report.sinks[sink] = (this.report.sinks[sink] ?? 0) + 1
    for (const canary of this.#recent) {
      if (canary.needles.some((needle) => text.includes(needle)))
        this.#leak(`a ${canary.class} value is in the ${sink}`)
    }
    if (text.includes('ticket:')) this.#leak(`an answer is in the ${sink}`)
  }

  /** What was kept in the vault may be there. */
  async #lookInVault(): Promise<void> {
    for (const row of this.#world.vaultRows) {
      this.report.kept += 1
      const open = this.#byDecision.get(row.decision)
      if (!open?.decision) continue
      const told = toldOf(open, open.decision)
      const { keep, upTo } = open.organisation.content
      const isAbove = CLASSES.indexOf(told.label.class) > CLASSES.indexOf(upTo)
      if (keep === 'nothing' || isAbove || told.label.undetermined) this.#leak('kept in the vault')
      if (dutiesOf(open.organisation, told).has('no-store')) this.#leak('kept in spite of a duty')
    }
    await turns()
  }

  #burgle(): void {
    this.report.burglaries += 1
    for (const door of burgle(this.#world, this.#organisation, this.#dice))
      this.#leak(`a door opened: ${door}`)
  }

  #leak(what: string): void {
    if (this.report.leaks.length < TOLD) this.report.leaks.push(what)
  }
}

const turns = async (): Promise<void> => {
  for (let i = 0; i < 3; i += 1) await new Promise((resolve) => setImmediate(resolve))
}

const SURFACE_OF: Readonly<Record<string, string>> = {
  '/v1/chat/completions': 'openai-chat',
  '/v1/completions': 'openai-completions',
  '/v1/responses': 'openai-responses',
  '/v1/messages': 'anthropic-messages',
  '/api/chat': 'ollama-chat',
  '/api/generate': 'ollama-generate',
  '/v1beta/models/*': 'gemini-generate',
  '/v1/embeddings': 'openai-embeddings',
  '/api/embed': 'ollama-embed',
  '/v1/moderations': 'openai-moderations',
  '/v1/rerank': 'rerank',
}

const toldOf = ({ exchange, asked }: Open, decision: DecisionEvent): Told => ({
  caller: exchange.caller,
  // a model that judges an answer is asked on this surface, whatever the caller used
  surface: decision.opinionOn ? 'openai-chat' : (SURFACE_OF[asked.url] ?? ''),
  zones: exchange.narrowing.zones,
  label: combineLabels(
    {
      class: decision.class,
      categories: decision.categories,
      undetermined: decision.undetermined,
    },
    { class: 'public', categories: [], undetermined: false },
  ),
})

/** Who may share an answer: one word for all that must be equal. */
function shareOf({ exchange, organisation }: Open): string {
  const { tenant, team, application, keyId, restrictions } = exchange.caller
  const isAlone = organisation.cache.per === 'key' || (team === null && application === null)
  return JSON.stringify([tenant, team, application, isAlone ? keyId : '', restrictions])
}

/** A request that is sent again, by whomever, holds what it always held. */
const sharesBody = (asked: ReadonlyMap<string, Open>, open: Open, canary: Canary): boolean =>
  [...asked.values()].some(
    (one) => one.asked.body === open.asked.body && one.asked.planted.includes(canary),
  )

/** The model that a destination was asked for: Gemini has it in the path. */
function modelIn({ body, path }: Recorded): string | null {
  const [, named] = /\/models\/([^:/]+):/.exec(path) ?? []
  if (named !== undefined) return decodeURIComponent(named)
  const [, model] = /"model":"([^"]+)"/.exec(body) ?? []
  return model ?? null
}
