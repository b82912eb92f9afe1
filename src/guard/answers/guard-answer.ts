import type { Classify } from '#classify/classify.ts'
import type { StreamClassifier } from '#classify/stream.ts'
import {
  ANSWER_KINDS,
  stricterAction,
  type AnswerAction,
  type AnswerDuties,
  type AnswerKind,
} from '#kernel/duties.ts'
import type { AnswerReport } from '#kernel/exchange.ts'
import type { Language } from '#kernel/refusal-messages.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { AnswerEvent } from '#protocols/answer-event.ts'
import type { AnswerFilter, Filtered } from '#protocols/answer-filter.ts'
import { classifiedLooker, Unreadable } from './classified.ts'
import { invisibleLooker } from './invisible.ts'
import type { HostLists } from './link-risk.ts'
import { linkLooker } from './links.ts'
import { cutNotice, MARKS } from './marks.ts'
import type { Question } from './question.ts'
import { TextChannel, type Let } from './text-channel.ts'
import { guardArguments, LONGEST_ARGUMENTS } from './tool-arguments.ts'

/** What reads answers; made once for all of them. */
export interface AnswerScanners {
  readonly stream: StreamClassifier
  readonly classify: Classify
}

export interface GuardOptions {
  readonly scanners: AnswerScanners
  readonly duties: AnswerDuties
  readonly hosts: HostLists
  readonly question: Question
  readonly language: Language
  /** Ids of the rules that ask for the strictest, by kind; told when an answer is withheld. */
  readonly askedBy: Readonly<Partial<Record<AnswerKind | 'review', string>>>
  /** Id of the decision; told when an answer is withheld. */
  readonly decision: string
}

export interface AnswerGuard extends AnswerFilter {
  report(): AnswerReport
}

type Spoken = Extract<AnswerEvent, { kind: 'text' | 'reasoning' | 'refusal' }>

/** What waits for its turn: a piece of a text, a tool call with its arguments, or anything else. */
type Waiting =
  | { readonly kind: 'text'; readonly of: Spoken['kind']; readonly until: number }
  | {
      readonly kind: 'call'
      readonly event: Extract<AnswerEvent, { kind: 'tool-call' }>
      json: string
    }
  | { readonly kind: 'event'; readonly event: AnswerEvent }

/**
 * Looks through one answer. What leaves is what came, in its order, less what the duties take out of it. Texts are held
 * back until nothing more can be found in them, tool calls until their end.
 */
export function guardAnswer(options: GuardOptions): AnswerGuard {
  return new Guard(options, { found: {}, done: 'pass', isUnreadable: false })
}

/** What was found in all answers to one request, and the strictest of what was done. */
interface Tally {
  readonly found: Partial<Record<AnswerKind, number>>
  done: AnswerAction
  isUnreadable: boolean
}

class Guard implements AnswerGuard {
  readonly #options: GuardOptions
  readonly #channels = new Map<Spoken['kind'], TextChannel>()
  readonly #tally: Tally
  #waiting: Waiting[] = []
  #calls: Extract<Waiting, { kind: 'call' }>[] = []
  #stopped: Refusal | null = null
  #isCut = false
  #isReasoningChanged = false
  #isOver = false
  #acted = 0

  constructor(options: GuardOptions, tally: Tally) {
    this.#options = options
    this.#tally = tally
  }

  another = (): AnswerGuard => new Guard(this.#options, this.#tally)

  step(events: readonly AnswerEvent[]): Filtered {
    return this.#guarded(() => {
      for (const event of events) this.#take(event)
      return this.#release()
    })
  }

  end(): Filtered {
    return this.#guarded(() => {
      this.#endTexts()
      return this.#release()
    })
  }

  report(): AnswerReport {
    return { ...this.#tally, found: { ...this.#tally.found } }
  }

  /** What cannot be read is not let through, whatever the reason. */
  #guarded(work: () => AnswerEvent[]): Filtered {
    if (this.#stopped) return { events: [], stopped: this.#stopped }
    try {
      const events = work()
      return { events, stopped: this.#stopped }
    } catch {
      // the error may hold text: that it happened is all that is told
      this.#tally.isUnreadable = true
      this.#tally.done = 'refuse'
      this.#waiting = []
      this.#stopped = withheld(this.#options, 'unreadable')
      return { events: [], stopped: this.#stopped }
    }
  }

  #take(event: AnswerEvent): void {
    if (this.#isCut) {
      if (event.kind === 'usage') this.#waiting.push({ kind: 'event', event })
      return
    }
    // what comes after the end of all texts was not meant to be read
    if (this.#isOver && event.kind !== 'usage' && event.kind !== 'finish') throw new Unreadable()
    switch (event.kind) {
      case 'text':
      case 'reasoning':
      case 'refusal': {
        if (event.text === '') return void this.#waiting.push({ kind: 'event', event })
        const until = this.#channel(event.kind).push(event.text)
        const last = this.#waiting.at(-1)
        if (last?.kind === 'text' && last.of === event.kind) this.#waiting.pop()
        return void this.#waiting.push({ kind: 'text', of: event.kind, until })
      }
      case 'tool-call': {
        const call = { kind: 'call' as const, event, json: '' }
        this.#calls[event.index] = call
        return void this.#waiting.push(call)
      }
      case 'tool-arguments': {
        const call = this.#calls[event.index]
        // arguments of a call that never began belong to nothing that can be looked through
        if (!call || call.json.length + event.piece.length > LONGEST_ARGUMENTS)
          throw new Unreadable()
        call.json += event.piece
        return
      }
      case 'finish':
        this.#endTexts()
        return void this.#waiting.push({ kind: 'event', event })
      case 'start':
      case 'reasoning-signature':
      case 'usage':
        return void this.#waiting.push({ kind: 'event', event })
    }
  }

  #endTexts(): void {
    this.#isOver = true
    for (const channel of this.#channels.values()) channel.end()
  }

  #channel(kind: Spoken['kind']): TextChannel {
    const known = this.#channels.get(kind)
    if (known) return known
    const { scanners, duties, hosts, question, language } = this.#options
    const lookers = [
      classifiedLooker(scanners.stream, question),
      linkLooker(hosts, question),
      invisibleLooker(),
    ]
    const channel = new TextChannel(lookers, duties, MARKS[language], this.#count)
    this.#channels.set(kind, channel)
    return channel
  }

  readonly #count = (kind: AnswerKind): void => {
    const { found, done } = this.#tally
    found[kind] = (found[kind] ?? 0) + 1
    const action = this.#options.duties[kind]
    if (action !== 'pass') this.#acted += 1
    this.#tally.done = stricterAction(done, action)
  }

  /** What has its turn and can go on. */
  #release(): AnswerEvent[] {
    const out: AnswerEvent[] = []
    while (!this.#stopped) {
      const next = this.#waiting[0]
      if (!next) break
      if (next.kind === 'text') {
        const channel = this.#channel(next.of)
        const isAll = channel.isSettled(next.until)
        const acted = this.#acted
        const lets = channel.take(next.until)
        // a signature vouches for what the model thought, not for what is left of it
        if (next.of === 'reasoning' && this.#acted !== acted) this.#isReasoningChanged = true
        this.#say(next.of, lets, out)
        if (!isAll || this.#stopped || this.#isCut) break
      } else if (next.kind === 'call') {
        if (!this.#isOver) break
        this.#sayCall(next, out)
        if (this.#stopped || this.#isCut) break
      } else if (next.event.kind !== 'reasoning-signature' || !this.#isReasoningChanged) {
        out.push(next.event)
      }
      this.#waiting.shift()
    }
    return out
  }

  #say(kind: Spoken['kind'], lets: readonly Let[], out: AnswerEvent[]): void {
    for (const one of lets) {
      if (one.kind === 'text') out.push({ kind, text: one.text })
      else this.#endWith(one, kind, out)
    }
  }

  #sayCall({ event, json }: Extract<Waiting, { kind: 'call' }>, out: AnswerEvent[]): void {
    const { scanners, duties, hosts, question, language } = this.#options
    const said = guardArguments(json, {
      classify: scanners.classify,
      question,
      hosts,
      duties,
      marks: MARKS[language],
      count: this.#count,
    })
    if (said.kind === 'end') return this.#endWith(said, 'text', out)
    out.push(event)
    if (said.text !== '') out.push({ kind: 'tool-arguments', index: event.index, piece: said.text })
  }

  /** The answer ends here: with a notice, or as a refusal. */
  #endWith(
    { action, of }: Extract<Let, { kind: 'end' }>,
    kind: Spoken['kind'],
    out: AnswerEvent[],
  ): void {
    if (action === 'cut') {
      out.push({
        kind: kind === 'refusal' ? 'refusal' : 'text',
        text: cutNotice(of, this.#options.language),
      })
      out.push({ kind: 'finish', reason: 'content-filter', stopSequence: null })
      out.push(
        ...this.#waiting.flatMap((one) =>
          one.kind === 'event' && one.event.kind === 'usage' ? [one.event] : [],
        ),
      )
      this.#isCut = true
    } else this.#stopped = (action === 'review' ? held : withheld)(this.#options, of)
    this.#waiting = []
  }
}

type Told = Pick<GuardOptions, 'askedBy' | 'decision'>

const detailOf = ({ askedBy, decision }: Told, kind: AnswerKind | 'unreadable' | 'all') => ({
  kind,
  rule:
    (kind === 'all'
      ? askedBy.review
      : Object.entries(askedBy).find(([one]) => one === kind)?.[1]) ??
    Object.values(askedBy)[0] ??
    'policy',
  decision,
})

/** An answer that nobody gets. */
export const withheld = (told: Told, kind: AnswerKind | 'unreadable'): Refusal => ({
  code: 'answer-withheld',
  detail: detailOf(told, kind),
})

/** An answer that waits for a person; it is fetched by the id of its decision. */
export const held = (told: Told, kind: AnswerKind | 'all'): Refusal => ({
  code: 'held-for-review',
  detail: { ...detailOf(told, kind), review: told.decision },
})

/** Whether a duty may hold answers until a person has read them: then nothing is shown before all is looked through. */
export const mayHold = (duties: AnswerDuties): boolean =>
  ANSWER_KINDS.some((kind) => duties[kind] === 'review')
