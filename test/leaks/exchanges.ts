import { AsyncLocalStorage } from 'node:async_hooks'
import type { FastifyRequest } from 'fastify'
import type { Destination } from '#kernel/destination.ts'
import { ZONES, type Zone } from '#kernel/destination.ts'
import type { Exchange, Receipt } from '#kernel/exchange.ts'
import { CLASSES } from '#kernel/label.ts'
import type { Catalogue, Policy } from '#policy/document.ts'
import type { DecisionEvent } from '#ledger/event.ts'
import type { Reply } from '#pipeline/ports.ts'
import { surfaceRoutes } from '#gateway/surfaces/routes.ts'
import { burgle } from './burglar.ts'
import type { Canary } from './canary.ts'
import { makeRequest, makeTurn, type Asked } from './conversation.ts'
import { Dice } from './dice.ts'
import { Judge } from './judge.ts'
import type { Open } from './open-exchange.ts'
import { changed, makeOrganisation, type Organisation } from './organisation.ts'
import { emptyReport, type Report } from './report.ts'
import { judgeHeld, review } from './reviewers.ts'
import { openWorld, type World } from './world.ts'

/** Exchanges of one organisation. */
const PER_ORGANISATION = 150
/** Exchanges at the same time. */
const AT_ONCE = 4
/** Canaries that are still looked for after their exchange. */
const REMEMBERED = 24
/** Milliseconds that a clock is set by: a change of summer time, a day, a second back. */
const JUMPS = [3_600_000, -3_600_000, 86_400_000, -1000, 61_000] as const

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

/** A class because it gathers what is seen. */
class Run {
  readonly report: Report = emptyReport()
  readonly #dice: Dice
  readonly #world: World
  readonly #judge: Judge
  #organisation: Organisation
  /** Every state of it, for exchanges that began before a change. */
  readonly #policies = new Map<string, Policy>()
  readonly #catalogues = new Map<string, Catalogue>()
  #places: readonly Destination[] = []
  readonly #open = new Map<string, Open>()
  readonly #asked = new Map<string, Open>()
  readonly #byDecision = new Map<string, Open>()
  #recent: Canary[] = []
  /** The exchange that goes on: the evidence does not say whose request it is. */
  readonly #inside = new AsyncLocalStorage<Open>()

  constructor(seed: number) {
    this.#dice = new Dice(seed)
    this.#organisation = makeOrganisation(this.#dice)
    this.#judge = new Judge({
      report: this.report,
      open: this.#open,
      asked: this.#asked,
      recent: () => this.#recent,
      places: () => this.#places,
    })
    this.#world = openWorld(
      () => this.#organisation,
      () => this.#places,
      this.#dice,
      {
        left: (one) => this.#judge.left(one),
        noted: (sink, text) => this.#judge.noted(sink, text),
        decided: (id, event) => this.#decided(id, event),
        meanwhile: () => this.#meanwhile(),
        said: (request, spoken) => {
          this.report.spoken += 1
          this.#open.get(request)?.spoken.push(spoken)
        },
      },
    )
  }

  async organisation(count: number): Promise<void> {
    this.#policies.clear()
    this.#catalogues.clear()
    this.#places = []
    this.#use(makeOrganisation(this.#dice))
    this.#world.renew()
    this.#asked.clear()
    this.#byDecision.clear()
    this.report.organisations += 1
    for (let at = 0; at < count; at += AT_ONCE) {
      const together = Math.min(AT_ONCE, count - at)
      await Promise.all(Array.from({ length: together }, () => this.#one()))
      if (this.#dice.chance(0.1)) this.#burgle()
      while (this.#dice.chance(0.6)) await review(this.#room())
    }
    await turns()
    await this.#world.flush()
    this.report.shadowed += this.#world.shadowed()
    for (const row of this.#world.vaultRows) {
      const open = this.#byDecision.get(row.decision)
      if (open) this.#judge.kept(open)
    }
    await turns()
  }

  close = (): Promise<void> => this.#world.close()

  #use(organisation: Organisation): void {
    const { policy, staged, catalogue } = organisation
    this.#organisation = organisation
    for (const one of [policy, staged?.policy]) if (one) this.#policies.set(one.version, one)
    this.#catalogues.set(catalogue.version, catalogue)
    this.#places = [...catalogue.destinations, ...this.#places]
  }

  /** What comes between sending and answering: another policy, a place that is gone, a clock that is set. */
  #meanwhile(): void {
    const dice = this.#dice
    if (dice.chance(0.004)) {
      this.report.changes += 1
      this.#use(changed(dice, this.#organisation))
    }
    if (dice.chance(0.002)) {
      this.report.jumps += 1
      this.#world.jump(dice.one(JUMPS))
    }
  }

  #room() {
    const { callers } = this.#organisation
    const [world, judge, report, dice] = [this.#world, this.#judge, this.report, this.#dice]
    return { world, judge, report, dice, callers, byDecision: this.#byDecision }
  }

  /** Something new, the same again from anybody, or the next turn of a conversation. */
  #request(): { readonly asked: Asked; readonly again: Open | null } {
    const dice = this.#dice
    const seen = this.#world.placeholders()
    const before = [...this.#asked.values()]
    if (before.length === 0 || !dice.chance(0.42)) {
      return { asked: makeRequest(dice, seen), again: null }
    }
    const again = dice.one(before)
    const turn = dice.chance(0.3) ? makeTurn(dice, again.asked, seen) : null
    if (turn) this.report.turns += 1
    return { asked: turn ?? again.asked, again }
  }

  async #one(): Promise<void> {
    const dice = this.#dice
    const { asked, again } = this.#request()
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
    if (!read.ok) return this.#refused(read.error.code)
    const made = this.#exchange(id, asked)
    // by the same caller, or by anybody
    const exchange = again && dice.chance(0.5) ? { ...again.exchange, id } : made
    const likeness = () => ({ path: asked.path, headers: {}, body: asked.body })
    const open: Open = {
      asked,
      exchange: { ...exchange, likeness },
      organisation: this.#organisation,
      decision: null,
      spoken: [],
    }
    this.#open.set(id, open)
    this.#asked.set(id, open)
    this.report.planted += asked.planted.length
    this.#recent = [...asked.planted, ...this.#recent].slice(0, REMEMBERED)
    const left = new AbortController()
    const watch = this.#world.watch(id)
    watch.read(read.value.surface, read.value.stream, 100)
    const { reply, over } = this.#reply(open, dice.chance(0.03) ? () => left.abort() : () => {})
    await this.#inside.run(open, () =>
      this.#world.serve(open.exchange, read.value, reply, left.signal, watch),
    )
    // of a stream that its reader left as well
    over()
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

  #reply(open: Open, leave: () => void): { readonly reply: Reply; readonly over: () => void } {
    let text = ''
    let receipt: Receipt | null = null
    const over = (): void => {
      if (text !== '') this.#judge.shown(open, text, receipt)
      text = ''
    }
    const reply: Reply = {
      limits: () => {},
      refuse: ({ code }, of, said) => {
        this.#refused(code)
        // what a destination said of its error is shown for no other reason
        if (said && code === 'destination-refused') {
          text += JSON.stringify(said)
          receipt = of
          over()
        }
        if (code === 'held-for-review' && of) judgeHeld(this.#room(), open, of.decision)
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
    return { reply, over }
  }

  #refused(code: string): void {
    this.report.refused += 1
    this.report.codes[code] = (this.report.codes[code] ?? 0) + 1
  }

  #decided(id: string, event: DecisionEvent): void {
    const open = this.#inside.getStore()
    if (!open) return
    const policy = this.#policies.get(event.policy)
    const catalogue = this.#catalogues.get(event.catalogue)
    if (!policy || !catalogue) return this.#judge.leak('decided by rules that nobody knows')
    const organisation = { ...open.organisation, policy, catalogue }
    // a model that judges the answer is decided about by what is in force by then
    if (event.opinionOn) {
      open.opinion = { decision: event, organisation }
      return
    }
    open.decision = event
    open.organisation = organisation
    this.#byDecision.set(id, open)
  }

  #burgle(): void {
    this.report.burglaries += 1
    for (const door of burgle(this.#world, this.#organisation, this.#dice))
      this.#judge.leak(`a door opened: ${door}`)
  }
}

const turns = async (): Promise<void> => {
  for (let i = 0; i < 3; i += 1) await new Promise((resolve) => setImmediate(resolve))
}
