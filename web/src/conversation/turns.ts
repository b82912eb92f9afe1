import type { ChatMessage, ChatPart } from '../api/chat.ts'
import type { Failure } from '../api/failure.ts'
import type { Receipt } from '../api/receipt.ts'

/** waiting: nothing came back yet. failed: refused before any text. broken: cut off after some text. */
export type TurnState = 'waiting' | 'streaming' | 'done' | 'stopped' | 'failed' | 'broken'

/** One question and what came of it. */
export interface Turn {
  readonly id: number
  readonly question: string
  readonly answer: string
  readonly state: TurnState
  readonly finish: string | null
  readonly receipt: Receipt | null
  readonly failure: Failure | null
}

/** What can happen to the newest turn. */
export type TurnEvent =
  | { readonly kind: 'ask'; readonly question: string }
  | ChatPart
  | { readonly kind: 'stop' }
  | { readonly kind: 'fail'; readonly failure: Failure; readonly receipt: Receipt | null }
  | { readonly kind: 'clear' }

/** The conversation after an event; parts that arrive after its end change nothing. */
export function turnsAfter(turns: readonly Turn[], event: TurnEvent): readonly Turn[] {
  if (event.kind === 'clear') return []
  if (event.kind === 'ask') return [...turns, newTurn(turns.length, event.question)]
  const last = turns.at(-1)
  if (last === undefined || !isOpen(last)) return turns
  return [...turns.slice(0, -1), turnAfter(last, event)]
}

const newTurn = (id: number, question: string): Turn => ({
  id,
  question,
  answer: '',
  state: 'waiting',
  finish: null,
  receipt: null,
  failure: null,
})

function turnAfter(turn: Turn, event: Exclude<TurnEvent, { kind: 'ask' | 'clear' }>): Turn {
  if (event.kind === 'receipt') return { ...turn, receipt: event.receipt }
  if (event.kind === 'text') {
    return { ...turn, state: 'streaming', answer: turn.answer + event.text }
  }
  if (event.kind === 'end') return { ...turn, state: 'done', finish: event.finish }
  if (event.kind === 'stop') return { ...turn, state: 'stopped' }
  const state = turn.answer === '' ? 'failed' : 'broken'
  return { ...turn, state, failure: event.failure, receipt: event.receipt ?? turn.receipt }
}

/** Still being answered. */
export const isOpen = (turn: Turn): boolean =>
  turn.state === 'waiting' || turn.state === 'streaming'

/** What the next question carries along: a turn without an answer is left out, so that a refusal does not repeat itself. */
export const history = (turns: readonly Turn[]): readonly ChatMessage[] =>
  turns
    .filter(({ answer }) => answer !== '')
    .flatMap(({ question, answer }) => [
      { role: 'user', content: question } as const,
      { role: 'assistant', content: answer } as const,
    ])
