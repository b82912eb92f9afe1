import type { Exchange, Opinion } from '#kernel/exchange.ts'
import type { Label } from '#kernel/label.ts'
import {
  OPINION_ACTIONS,
  stricterOf,
  type OpinionAction,
  type OpinionDuty,
} from '#kernel/duties.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { TextPart } from '#kernel/text-part.ts'
import type { Verdict } from '#kernel/verdict.ts'
import { opinionMark } from '#guard/answers/marks.ts'
import { sentencesOf, withNotices } from '#guard/answers/notice.ts'
import { judgeMessages, judgeWords } from '#guard/opinion/judge-question.ts'
import { readOpinion } from '#guard/opinion/read-opinion.ts'
import type { AnswerEvent } from '#protocols/answer-event.ts'
import { chatAnswer } from '#protocols/openai-chat/events.ts'
import { readChatRequest } from '#protocols/openai-chat/request.ts'
import { chatSurface } from '#protocols/openai-chat/surface.ts'
import type { SurfaceRequest } from '#protocols/surface.ts'
import type { Asked } from './ask-once.ts'
import { usageOf } from './attempt.ts'
import type { House, Reply } from './ports.ts'

/** Characters of a request and its answer that a judge is shown at most; beyond, there is no opinion. */
const LONGEST_QUESTION = 1024 * 1024
/** Tokens of a verdict; models that think first need some. */
const VERDICT_TOKENS = 1024

/** A question to a judge, as an exchange of its own: classified, decided, held in budgets and recorded like any other. */
export interface Consultation {
  readonly exchange: Exchange
  readonly request: SurfaceRequest
  readonly reply: Reply
  readonly signal: AbortSignal
  /** The decision whose answer is judged. */
  readonly on: string
  /** The label of the request that was answered: the question is nothing less. */
  readonly least: Label
}

/** Serves one; what comes of it arrives in its reply. */
export type Consult = (consultation: Consultation) => Promise<unknown>

/** A request whose answer waits for an opinion. */
export interface Judged {
  readonly exchange: Exchange
  readonly request: SurfaceRequest
  readonly parts: readonly TextPart[]
  readonly reply: Reply
  readonly signal: AbortSignal
  readonly startedAt: number
}

/** Whether the answer came to its end and waits for an opinion. */
export const isPending = ({ holding }: Asked): boolean => (holding?.pending() ?? null) !== null

/**
 * Has other models judge an answer, one after the other, and shows it when all of them find nothing against it. What
 * there is no opinion on is never shown.
 */
export async function judged(
  house: Pick<House, 'clock' | 'now' | 'newId' | 'sleep'>,
  of: Judged,
  { decision, verdict }: { readonly decision: string; readonly verdict: Verdict },
  asked: Asked,
  consult: Consult,
): Promise<Asked> {
  const pending = asked.holding?.pending()
  if (!pending) return asked
  const { opinions, notices } = verdict.duties
  let action: OpinionAction | null = null
  let against: { readonly duty: OpinionDuty; readonly opinion: Opinion } | null = null
  for (const duty of opinions) {
    const opinion = await opinionOf(house, of, { duty, decision, verdict }, pending.events, consult)
    if (opinion === 'yes') continue
    const then = opinion === 'no' ? duty.onNo : duty.onError
    if (action === null || stricterOf(OPINION_ACTIONS, action, then) !== action) {
      action = then
      against = { duty, opinion }
    }
    if (action === 'refuse') break
  }
  const receipt = { ...asked.receipt, opinion: against?.opinion ?? ('yes' as const) }
  const told = { ...asked, receipt }
  if (against && action === 'refuse') return kept(told, refusalOf(against, decision))
  if (against && action === 'review') return kept(told, heldFor(against.duty.rule, decision))
  if (pending.held) return kept(told, pending.held)
  const { language } = of.exchange
  // a program that reads the answer is told by the header alone
  const sentences = of.request.hasFormat?.()
    ? []
    : [
        ...(against ? [opinionMark(against.duty.model, language)] : []),
        ...sentencesOf(notices, language),
      ]
  return shown(house, of, told, withNotices(pending.events, sentences))
}

/** What one model says; none where it may not see the answer, is not there, is late, or says anything but a verdict. */
async function opinionOf(
  house: Pick<House, 'clock' | 'now' | 'newId' | 'sleep'>,
  of: Judged,
  about: { readonly duty: OpinionDuty; readonly decision: string; readonly verdict: Verdict },
  events: readonly AnswerEvent[],
  consult: Consult,
): Promise<Opinion> {
  const { duty, decision, verdict } = about
  const texts = { request: requestText(of.parts), answer: answerText(events) }
  if (texts.request.length + texts.answer.length > LONGEST_QUESTION) return 'none'
  const id = house.newId()
  const words = judgeWords(RANDOM_PART.map((from) => house.newId().slice(from)).join(''))
  const read = readChatRequest({
    model: duty.model,
    messages: judgeMessages({ ...duty, ...texts, words }).map((message) => ({ ...message })),
    temperature: 0,
    max_tokens: VERDICT_TOKENS,
  })
  if (!read.ok) return 'none'
  const time = new AbortController()
  const leave = (): void => time.abort(of.signal.reason)
  of.signal.addEventListener('abort', leave, { once: true })
  if (of.signal.aborted) leave()
  const over = new AbortController()
  void house.sleep(duty.withinMs, over.signal).then(() => {
    if (!over.signal.aborted) time.abort()
  })
  const gathered = gathering()
  try {
    await consult({
      exchange: asJudge(of.exchange),
      request: chatSurface(read.value, { id, createdSeconds: Math.floor(house.clock() / 1000) }),
      reply: gathered.reply,
      signal: time.signal,
      on: decision,
      least: verdict.label,
    })
  } finally {
    over.abort()
    of.signal.removeEventListener('abort', leave)
  }
  const answer = gathered.body() && chatAnswer().whole(gathered.body() ?? new Uint8Array())
  return (answer && readOpinion(answer, duty.style, words)) ?? 'none'
}

/** Where the random digits of ids begin that words are made of: two ids give enough. */
const RANDOM_PART = [-12, -12] as const

/** What the caller narrowed still holds; which models and surfaces a key may ask is no matter of the judge's. */
function asJudge({ id, receivedAt, caller, language, narrowing }: Exchange): Exchange {
  const { class: least, zones } = narrowing
  const restrictions = { ...caller.restrictions, models: null, surfaces: null }
  return {
    id,
    receivedAt,
    caller: { ...caller, restrictions },
    language,
    narrowing: { ...(least ? { class: least } : {}), ...(zones ? { zones } : {}) },
  }
}

/** All texts of the request but what its tools are; those are the application's, and long. */
const requestText = (parts: readonly TextPart[]): string =>
  parts
    .filter(({ kind, path }) => kind === 'text' && !path.startsWith('tools.'))
    .map(({ text }) => text)
    .join('\n\n')

/** All that the caller would read of the answer, thoughts and calls of tools included. */
function answerText(events: readonly AnswerEvent[]): string {
  let text = ''
  let last: AnswerEvent['kind'] | null = null
  for (const event of events) {
    const piece = pieceOf(event)
    if (piece === null) continue
    if (last !== null && last !== event.kind && event.kind !== 'tool-arguments') text += '\n\n'
    last = event.kind
    text += piece
  }
  return text
}

function pieceOf(event: AnswerEvent): string | null {
  if (event.kind === 'tool-arguments') return event.piece
  if (event.kind === 'tool-call') return `${event.name} `
  return event.kind === 'text' || event.kind === 'reasoning' || event.kind === 'refusal'
    ? event.text
    : null
}

/** An answer that is not shown. */
const kept = (asked: Asked, refusal: Refusal): Asked => ({
  ...asked,
  result: {
    kind: 'refused',
    refusal,
    said: null,
    again: 'nowhere',
    usage: usageOf(asked.result),
  },
})

const refusalOf = (
  { duty, opinion }: { readonly duty: OpinionDuty; readonly opinion: Opinion },
  decision: string,
): Refusal => ({
  code: opinion === 'no' ? 'opinion-against' : 'opinion-missing',
  detail: { model: duty.model, rule: duty.rule, decision },
})

/** An answer that a person decides about. */
export const heldFor = (rule: string, decision: string): Refusal => ({
  code: 'held-for-review',
  detail: { kind: 'opinion', rule, decision, review: decision },
})

/** Writes the answer as it would have come. */
function shown(
  { now }: Pick<House, 'now'>,
  { request, reply, signal, startedAt }: Judged,
  asked: Asked,
  events: readonly AnswerEvent[],
): Asked {
  const usage = usageOf(asked.result)
  const firstByteMs = now() - startedAt
  const { receipt } = asked
  if (signal.aborted) return { ...asked, result: { kind: 'cancelled', usage, firstByteMs } }
  const stream = request.stream ? request.writeStream?.(events) : undefined
  const body = request.stream ? null : (request.writeWhole?.(events) ?? null)
  if (stream) {
    reply.head(stream.type, receipt)
    reply.write(stream.text)
    reply.end()
  } else if (body !== null) {
    reply.whole('application/json', receipt, Buffer.from(body))
  } else return asked
  const bytes = Buffer.byteLength(stream?.text ?? body ?? '')
  return {
    ...asked,
    result: { kind: 'answered', usage, firstByteMs, shown: { bytes, pieces: 0 } },
  }
}

/** A reply that nobody reads but us. */
function gathering(): { readonly reply: Reply; readonly body: () => Uint8Array | null } {
  let body: Uint8Array | null = null
  return {
    body: () => body,
    reply: {
      limits: () => {},
      refuse: () => {},
      whole: (_type, _receipt, bytes) => {
        body = bytes
      },
      head: () => {},
      write: () => true,
      onDrain: (resume) => resume(),
      end: () => {},
      interrupt: () => {},
    },
  }
}
