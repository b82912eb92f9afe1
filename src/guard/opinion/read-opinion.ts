import type { OpinionStyle } from '#kernel/duties.ts'
import type { AnswerEvent } from '#protocols/answer-event.ts'
import type { JudgeWords } from './judge-question.ts'

/** Longest reply that is read at all; a verdict is one word. */
const LONGEST_REPLY = 1024

/** Llama Guard: `safe`, or `unsafe` and the categories it is, such as `S1,S10`. */
const SAFE = /^safe$/i
const UNSAFE = /^unsafe(?:[\s,]+S\d{1,2})*$/i

/** What a model may put around a word: quotes, emphasis, a full stop. */
const AROUND = /^[\s"'`*]+|[\s"'`*.]+$/g

/** What a judge said: exactly the one word or the other, to its end; anything else is no opinion. */
export function readOpinion(
  events: readonly AnswerEvent[],
  style: OpinionStyle,
  { accept, reject }: Pick<JudgeWords, 'accept' | 'reject'>,
): 'yes' | 'no' | null {
  let said = ''
  let isWhole = false
  for (const event of events) {
    if (event.kind === 'text') said += event.text
    // thoughts are no verdict; a refusal or a call of a tool is another answer than was asked for
    if (event.kind === 'refusal' || event.kind === 'tool-call') return null
    if (event.kind === 'finish')
      isWhole = event.reason === 'stop' || event.reason === 'stop-sequence'
  }
  if (!isWhole || said.length > LONGEST_REPLY) return null
  const word = said.replaceAll(AROUND, '')
  if (style === 'llama-guard') return SAFE.test(word) ? 'yes' : UNSAFE.test(word) ? 'no' : null
  const [given, yes, no] = [word, accept, reject].map((one) => one.toUpperCase())
  return given === yes ? 'yes' : given === no ? 'no' : null
}
