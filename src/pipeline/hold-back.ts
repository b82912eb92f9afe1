import { combineLabels } from '#kernel/label.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { TextPart } from '#kernel/text-part.ts'
import type { Verdict } from '#kernel/verdict.ts'
import { sentencesOf, withNotices } from '#guard/answers/notice.ts'
import type { AnswerEvent } from '#protocols/answer-event.ts'
import type { Exchange } from '#kernel/exchange.ts'
import type { SurfaceRequest } from '#protocols/surface.ts'
import type { Asked } from './ask-once.ts'
import type { HeldContent, House } from './ports.ts'

/** Whether the answer waits for a person. */
export const isHeld = ({ result }: Asked): boolean =>
  result.kind === 'refused' && result.refusal.code === 'held-for-review'

/** Keeps the answer for a person to read; the caller is told so only once it is kept, and else that it is withheld. */
export async function heldBack(
  house: Pick<House, 'hold' | 'classify'>,
  { exchange, request }: { readonly exchange: Exchange; readonly request: SurfaceRequest },
  verdict: Verdict,
  decision: string,
  asked: Asked,
): Promise<Asked> {
  const { result, guard, receipt } = asked
  const events = eventsOf(asked)
  if (result.kind !== 'refused' || !events || !request.writeWhole || !house.hold)
    return notKept(asked)
  const { notices } = verdict.duties
  const sentences = request.hasFormat?.() ? [] : sentencesOf(notices, exchange.language)
  const writeWhole = request.writeWhole
  const write = (said: readonly AnswerEvent[]) => writeWhole(withNotices(said, sentences))
  const content = contentOf(events, write, decision)
  const classified = await house.classify(partsOf(content))
  const { model } =
    verdict.allowed.find(({ destination }) => destination.id === receipt.destination) ?? {}
  const kept = await house.hold({
    exchange,
    verdict,
    decision,
    surface: request.surface,
    destination: receipt.destination ?? 'none',
    model: model?.name ?? request.requestedModel,
    label: combineLabels(verdict.label, classified.label),
    found: guard?.report().found ?? {},
    rule: String(result.refusal.detail?.['rule'] ?? 'policy'),
    content,
  })
  return kept.ok ? asked : notKept(asked)
}

/** What a person is to read. */
function eventsOf({ guard, holding }: Asked): readonly AnswerEvent[] | null {
  const pending = holding?.pending()
  if (pending) return pending.events
  return guard && 'waiting' in guard ? guard.waiting() : null
}

function notKept(asked: Asked): Asked {
  if (asked.result.kind !== 'refused') return asked
  const { detail } = asked.result.refusal
  const refusal: Refusal = { code: 'answer-withheld', ...(detail ? { detail } : {}) }
  return { ...asked, result: { ...asked.result, refusal } }
}

/** What a person reads of an answer, and how it is written for the caller. */
function contentOf(
  events: readonly AnswerEvent[],
  writeWhole: NonNullable<SurfaceRequest['writeWhole']>,
  decision: string,
): HeldContent {
  const said = (kind: 'text' | 'reasoning'): string =>
    events.map((event) => (event.kind === kind ? event.text : '')).join('')
  const slot = `edited-${decision}`
  return {
    text: said('text'),
    reasoning: said('reasoning'),
    calls: events.flatMap((event) =>
      event.kind === 'tool-call'
        ? [{ name: event.name, arguments: argumentsOf(events, event.index) }]
        : [],
    ),
    body: writeWhole(events),
    template: writeWhole(withText(events, slot)),
    slot,
  }
}

const argumentsOf = (events: readonly AnswerEvent[], index: number): string =>
  events
    .map((event) => (event.kind === 'tool-arguments' && event.index === index ? event.piece : ''))
    .join('')

/** The answer with another text, and nothing else that a model said or wants done. */
const withText = (events: readonly AnswerEvent[], text: string): readonly AnswerEvent[] => [
  ...events.filter(({ kind }) => kind === 'start'),
  { kind: 'text', text },
  ...events.flatMap((event): AnswerEvent[] => {
    if (event.kind === 'usage') return [event]
    if (event.kind !== 'finish') return []
    return [event.reason === 'tool-calls' ? { ...event, reason: 'stop' } : event]
  }),
]

const partsOf = ({ text, reasoning, calls }: HeldContent): readonly TextPart[] => [
  { path: 'text', text, kind: 'text' },
  { path: 'reasoning', text: reasoning, kind: 'text' },
  ...calls.map((call): TextPart => ({ path: 'arguments', text: call.arguments, kind: 'text' })),
]
