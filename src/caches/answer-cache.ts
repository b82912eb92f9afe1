import type { KeyObject } from 'node:crypto'
import type { Exchange } from '#kernel/exchange.ts'
import { combineLabels, type Finding } from '#kernel/label.ts'
import type { Passage } from '#kernel/passage.ts'
import type { Clock } from '#kernel/ports.ts'
import type { TextPart } from '#kernel/text-part.ts'
import type { Choice, Verdict } from '#kernel/verdict.ts'
import type { Gate } from '#policy/gate.ts'
import type { Usage } from '#protocols/answer-event.ts'
import type { SurfaceRequest } from '#protocols/surface.ts'
import type { AnswerTallies } from './answer-tallies.ts'
import { bypassOf, type Bypass } from './bypass.ts'
import { cacheKey, type Alike, type CacheKey } from './cache-key.ts'
import { judgeAnswer } from './judge-answer.ts'
import type { AnswerTerms } from './kept-answer.ts'
import type { HeldAnswer, HeldMeaning } from './memory-answers.ts'
import type { KeptAnswers } from './kept-answers.ts'
import { CACHE, CALLER, type CacheScope, type LabelOfTexts } from './ports.ts'
import type { Meanings } from './meanings.ts'
import { isOff, type CacheSettings } from './settings.ts'
import { SingleFlight } from './single-flight.ts'

export interface CacheParts {
  readonly settings: () => CacheSettings
  readonly gate: Pick<Gate, 'keep' | 'show'>
  readonly kept: KeptAnswers
  /** Null: no meanings are compared. */
  readonly meanings: Meanings | null
  readonly labelOf: LabelOfTexts
  /** Of cache keys: HMAC. */
  readonly key: KeyObject
  readonly subjectDigest: (person: string) => string
  readonly clock: Clock
  readonly tallies: AnswerTallies
}

/** A request that was decided, and may be answered from what is kept. */
export interface CacheQuery {
  readonly exchange: Exchange
  readonly request: SurfaceRequest
  readonly verdict: Verdict
  readonly parts: readonly TextPart[]
  readonly findings: readonly Finding[]
  readonly signal: AbortSignal
}

export type Found =
  | { readonly kind: 'bypass'; readonly why: Bypass }
  | Hit
  | { readonly kind: 'miss'; readonly taking: Taking }

export interface Hit {
  readonly kind: 'hit'
  readonly how: 'exact' | 'semantic'
  readonly terms: AnswerTerms
  /** The choice of this verdict that had answered. */
  readonly choice: Choice
  readonly ageSeconds: number
  /** To the caller, and nowhere else. */
  readonly passage: Passage
}

/** An answer as the caller was shown it. */
export interface ShownAnswer {
  readonly destination: string
  readonly contentType: string
  readonly frames: readonly number[] | null
  readonly body: Uint8Array
  readonly usage: Usage
  readonly dropped: readonly string[]
}

/** What becomes of the answer to a request that found none. */
export interface Taking {
  readonly maxBytes: number
  /** Keeps it where that is permitted; never fails. */
  keep(answer: ShownAnswer): void
  /** The exchange is over, whatever came of it: those who waited for its answer look again. */
  done(): void
}

/** Answers that were given before. A class because it counts, and knows who is asking what right now. */
export class AnswerCache {
  readonly #parts: CacheParts
  readonly #flights = new SingleFlight()
  /** Rises when something is cleared: what was asked before is not kept any more. */
  #cleared = 0

  readonly #listeners: ((scope: CacheScope) => void)[] = []

  constructor(parts: CacheParts) {
    this.#parts = parts
  }

  /** Calls back when answers are removed, for those who keep some of their own. */
  onCleared(listener: (scope: CacheScope) => void): void {
    this.#listeners.push(listener)
  }

  /** At once where memory alone is asked; null when nothing is ever kept. */
  open(query: CacheQuery): Found | Promise<Found> | null {
    const settings = this.#parts.settings()
    if (isOff(settings)) return null
    const { exchange, request, verdict } = query
    const { narrowing, caller } = exchange
    const { surface } = request
    const isReadable = exchange.likeness !== undefined
    const why = bypassOf({ surface, isReadable, narrowing, verdict }, settings)
    const likeness = why === null ? exchange.likeness?.() : undefined
    if (why !== null || !likeness) {
      this.#parts.tallies.bypassed(why ?? 'surface')
      return { kind: 'bypass', why: why ?? 'surface' }
    }
    const alike = { caller, verdict, request, likeness }
    const key = cacheKey(this.#parts.key, alike, settings)
    const asking = { query, settings, alike, key, cleared: this.#cleared }
    return this.#look(asking, true)
  }

  /** Removes what an erasure or an administrator names, here and in what is shared; returns how many answers. */
  async clear(scope: CacheScope): Promise<number> {
    this.#cleared += 1
    for (const tell of this.#listeners) tell(scope)
    return this.#parts.kept.remove(scope)
  }

  /** What another process has removed is removed here too. */
  clearHere(scope: CacheScope | null): void {
    this.#cleared += 1
    this.#parts.kept.removeHere(scope)
  }

  #look(asking: Asking, mayWait: boolean): Found | Promise<Found> {
    const { settings, key, query } = asking
    const wishes = query.exchange.narrowing.cache
    if (wishes?.noCache) return this.#miss(asking, null)
    if (settings.exact) {
      const here = this.#parts.kept.here(key)
      const hit = here && this.#hit(asking, here, 'exact')
      if (hit) return hit
    }
    const flight = mayWait && settings.singleFlight ? this.#flights.of(key) : null
    if (flight) return flight.wait(query.signal).then(() => this.#look(asking, false))
    const isShared = settings.exact && this.#parts.kept.isShared()
    if (!isShared && !(settings.semantic && this.#parts.meanings)) return this.#miss(asking, null)
    const end = this.#flights.begin(key)
    return this.#lookFurther(asking, isShared, end)
  }

  /** In what processes share, and among questions that mean the same. */
  async #lookFurther(asking: Asking, isShared: boolean, end: () => void): Promise<Found> {
    const { query, key, settings, alike } = asking
    const { tenant } = query.exchange.caller
    const { kept, meanings, tallies } = this.#parts
    let meaning: HeldMeaning | null = null
    let found: Found | null = null
    try {
      const there = isShared ? await kept.there(tenant, key) : null
      found = there && this.#hit(asking, there, 'exact')
      if (!found && settings.semantic && meanings) {
        meaning = await meanings.of(alike, query, settings)
        const near = meaning && (await meanings.nearest(tenant, meaning, settings.semantic))
        found = near && this.#hit(asking, near, 'semantic')
      }
    } catch {
      // what is kept is never worth a request
      tallies.failed()
    }
    if (!found) return this.#miss(asking, meaning, end)
    end()
    return found
  }

  #hit(asking: Asking, { terms, body }: HeldAnswer, how: Hit['how']): Hit | null {
    const { clock, gate, tallies } = this.#parts
    const { verdict, exchange } = asking.query
    const now = clock()
    const ageMs = Math.max(0, now - terms.at)
    const { maxAgeSeconds = null } = exchange.narrowing.cache ?? {}
    if (terms.expiresAt <= now || ageMs >= asking.settings.ttlMs) return null
    if (maxAgeSeconds !== null && ageMs > maxAgeSeconds * 1000) return null
    const choice = verdict.allowed.find(
      ({ destination, model }) =>
        destination.id === terms.destination && model.name === terms.model,
    )
    const { contentType } = terms
    const shown = { contentType, bytes: body }
    const passage = gate.show(verdict, terms, { from: CACHE, to: CALLER }, shown, now)
    if (!passage.ok || !choice) {
      tallies.withheld()
      return null
    }
    tallies.hit(how)
    const ageSeconds = Math.floor(ageMs / 1000)
    return { kind: 'hit', how, terms, choice, ageSeconds, passage: passage.value }
  }

  #miss(asking: Asking, meaning: HeldMeaning | null, end?: () => void): Found {
    const { settings, key } = asking
    this.#parts.tallies.missed()
    const done = end ?? this.#flights.begin(key)
    let keeping: Promise<void> | null = null
    return {
      kind: 'miss',
      taking: {
        maxBytes: settings.entryBytes,
        keep: (answer) => {
          keeping = this.#keep(asking, answer, meaning).catch(() => this.#parts.tallies.failed())
        },
        done: () => {
          if (keeping) void keeping.then(done)
          else done()
        },
      },
    }
  }

  async #keep(asking: Asking, answer: ShownAnswer, meaning: HeldMeaning | null): Promise<void> {
    const { gate, clock, kept, labelOf, tallies, subjectDigest } = this.#parts
    const { query, settings, key, cleared } = asking
    const { verdict, exchange } = query
    const { caller } = exchange
    const judged = judgeAnswer(query.request.surface, answer.body)
    const choice = verdict.allowed.find(({ destination }) => destination.id === answer.destination)
    if (!judged.isGood || !choice || answer.body.length > settings.entryBytes) {
      return tallies.unfit()
    }
    const found = await labelOf(judged.texts, caller.tenant)
    const now = clock()
    const { contentType, frames, usage, dropped, body } = answer
    const passage = gate.keep(verdict, CACHE, { contentType, bytes: body }, now, found)
    if (!passage.ok || found.undetermined) return tallies.unfit()
    // an erasure meanwhile covers what was under way
    if (cleared !== this.#cleared) return
    const terms: AnswerTerms = {
      tenant: caller.tenant,
      label: combineLabels(verdict.label, found),
      policyVersion: verdict.policyVersion,
      destination: choice.destination.id,
      model: choice.model.name,
      at: now,
      expiresAt: now + settings.ttlMs,
      owner: `key:${caller.keyId}`,
      subject: caller.person === null ? null : `subject:${subjectDigest(caller.person)}`,
      contentType,
      frames,
      usage,
      dropped,
    }
    const isKept = await kept.put(key, passage.value, terms, meaning)
    if (isKept) tallies.stored()
  }
}

interface Asking {
  readonly query: CacheQuery
  readonly settings: CacheSettings
  readonly alike: Alike
  readonly key: CacheKey
  readonly cleared: number
}
