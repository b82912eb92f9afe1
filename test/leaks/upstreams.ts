import type { AnswerSink, Ask, Flow } from '#kernel/ports.ts'
import type { Destination } from '#kernel/destination.ts'
import { originOf } from '#policy/gate.ts'
import { answerOf, isSpoken, JSON_TYPE, SSE, type Said } from './answers.ts'
import type { Dice } from './dice.ts'
import { makeSpoken, type Spoken } from './spoken.ts'

/** What a destination was sent: the only way that content leaves. */
export interface Recorded {
  readonly destination: string
  readonly body: string
  readonly path: string
  /** Id of the exchange, as the request says it. */
  readonly request: string
}

export interface Witness {
  /** Called with everything that reaches a destination, before it answers. */
  record(one: Recorded): void
  /** Called with what a destination says that a caller may not be meant to read. */
  said(request: string, spoken: Spoken): void
  /** Called between what was sent and what is answered. */
  meanwhile(): void
}

const FLOW: Flow = { pause: () => {}, resume: () => {}, stop: () => {} }
/** Placeholders of other exchanges that a destination says again. */
const REMEMBERED = 16
const PLACEHOLDER = /\[[A-Z]{2,8}_[B-Z]{5,12}\]/g

/** Every destination of an organisation, recording, and behaving as badly as destinations do. */
export function recordingAsk(
  destinations: () => readonly Destination[],
  dice: Dice,
  witness: Witness,
  clock: () => number,
): Ask & { readonly placeholders: readonly string[] } {
  const placeholders: string[] = []
  const ask: Ask = async (passage, options, sink, signal) => {
    const place = destinations().find(({ id }) => id === passage.destination)
    if (!place) return sink.fail({ code: 'destination-unreachable' })
    const fault = dice.below(20)
    // refused before anything is written, as a name that cannot be resolved is
    if (fault === 0) return sink.fail({ code: 'destination-unreachable' })
    const body = passage.open({ destination: place.id, origin: originOf(place), now: clock() })
    if (!body.ok) return sink.fail(body.error)
    const text = Buffer.from(body.value.bytes).toString('utf8')
    const { path, requestId: request } = options
    witness.record({ destination: place.id, body: text, path, request })
    // other exchanges go on meanwhile
    for (let turns = dice.below(3); turns > 0; turns -= 1) await turn()
    witness.meanwhile()
    if (signal.aborted) return sink.fail({ code: 'destination-unreachable' })
    const own = text.match(PLACEHOLDER) ?? []
    placeholders.unshift(...own.slice(0, 2))
    placeholders.length = Math.min(placeholders.length, REMEMBERED)
    const say = (spoken: Spoken): string => {
      witness.said(request, spoken)
      return spoken.text
    }
    if (fault <= 6)
      return misbehave(fault, sink, text, dice.chance(0.3) ? say(makeSpoken(dice, text)) : '')
    // words of which a model that judges an answer says one, or none
    const [verdict] = /(?:ACCEPT|REJECT)-[A-Z]+/.exec(text) ?? []
    const isJudged = verdict !== undefined && dice.chance(0.8)
    const said = isJudged
      ? { pieces: [verdict], call: null }
      : isSpoken(path)
        ? speech(dice, { echo: `echo:${request}.`, sent: text, own, placeholders, say })
        : { pieces: [`echo:${request}.`], call: null, inputs: inputsIn(text) }
    const [answer, headers] = answerOf(place.dialect, options, said)
    write(
      sink,
      answer,
      headers,
      dice.chance(0.05),
      dice.chance(0.2) ? () => witness.meanwhile() : () => {},
    )
  }
  return Object.assign(ask, { placeholders })
}

/** How many texts a request has for vectors or scores. */
function inputsIn(body: string): number {
  const { input, documents } = JSON.parse(body) as { input?: unknown; documents?: unknown } // our own writing
  const many = Array.isArray(documents) ? documents : input
  return Array.isArray(many) ? many.length : 1
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

interface Heard {
  readonly echo: string
  readonly sent: string
  /** Placeholders in what was sent, and of others. */
  readonly own: readonly string[]
  readonly placeholders: readonly string[]
  readonly say: (spoken: Spoken) => string
}

/** What a model says: the ticket, what it was told, what it should not say, and placeholders where they do harm. */
function speech(dice: Dice, { echo, sent, own, placeholders, say }: Heard): Said {
  const texts = [echo]
  // some models say again what they were told
  if (dice.chance(0.1)) texts.push(sent.slice(0, 2000))
  while (dice.chance(0.25)) texts.push(`so it is ${say(makeSpoken(dice, sent))} as was said`)
  if (own.length > 0 && dice.chance(0.7)) texts.push(`about ${dice.one(own)} then`)
  if (own.length > 0 && dice.chance(0.3))
    texts.push(`![x](https://${dice.letters('bcdfgh', 9)}.test/?d=${dice.one(own)})`)
  if (placeholders.length > 0 && dice.chance(0.2)) texts.push(`and ${dice.one(placeholders)} too`)
  // what came first may stand last
  const text = (dice.chance(0.2) ? texts.toReversed() : texts).join(' ')
  const to = own.length > 0 ? `via:${dice.one(own)}` : 'nobody'
  const inner = dice.chance(0.5) ? say(makeSpoken(dice, sent)) : 'nothing'
  const call = dice.chance(0.12) ? JSON.stringify({ to, body: JSON.stringify({ inner }) }) : null
  return { pieces: inPieces(dice, text), call }
}

function inPieces(dice: Dice, text: string): string[] {
  const pieces: string[] = []
  for (let from = 0; from < text.length;) {
    const length = dice.one([1, 3, 7, 20, 90, 2000])
    pieces.push(text.slice(from, from + length))
    from += length
    if (pieces.length >= 12) {
      pieces.push(text.slice(from))
      break
    }
  }
  return pieces
}

function misbehave(fault: number, sink: AnswerSink, text: string, spoken: string): void {
  const whole = (
    status: number,
    body: string,
    headers: Readonly<Record<string, string>> = JSON_TYPE,
  ): void => {
    sink.head(status, headers, FLOW)
    sink.chunk(Buffer.from(body))
    sink.end()
  }
  switch (fault) {
    case 1:
      return whole(429, '{"error":{"message":"slow down"}}', { ...JSON_TYPE, 'retry-after': '0' })
    case 2:
      return whole(500, text.slice(0, 500), { 'content-type': 'text/plain' })
    case 3:
      return whole(302, '', { location: 'https://elsewhere.test/v1', ...JSON_TYPE })
    case 4:
      return sink.fail({ code: 'destination-timeout' })
    case 5:
      // says again what it was sent, as an error
      return whole(400, JSON.stringify({ error: { message: `${spoken} ${text.slice(0, 300)}` } }))
    default:
      sink.head(200, SSE, FLOW)
      sink.chunk(Buffer.from('data: {"choices":[{"index":0,"delta":{"content":"half'))
      return sink.fail({ code: 'destination-unreachable' })
  }
}

function write(
  sink: AnswerSink,
  answer: string,
  headers: Readonly<Record<string, string>>,
  isBroken: boolean,
  meanwhile: () => void,
): void {
  const bytes = Buffer.from(answer)
  sink.head(200, headers, FLOW)
  const cut = Math.floor(bytes.length / 2)
  sink.chunk(bytes.subarray(0, cut))
  // a stream that stops half way
  if (isBroken) return sink.fail({ code: 'destination-unreachable' })
  meanwhile()
  sink.chunk(bytes.subarray(cut))
  sink.end()
}
