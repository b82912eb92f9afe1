// What it takes to look through a question and its answer, CPU: the question classified once, the answer guarded.
//   node bench/guard.ts [--rounds 5]
import { parseArgs } from 'node:util'
import { createClassifier } from '#classify/classify.ts'
import { answerClassifier } from '#guard/answers/classified.ts'
import { guardAnswer } from '#guard/answers/guard-answer.ts'
import { questionOf } from '#guard/answers/question.ts'
import type { AnswerDuties } from '#kernel/duties.ts'
import type { TextPart } from '#kernel/text-part.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } })
const PROSE =
  'Le dossier suit son cours : la réunion de mardi a fixé les étapes, et Claire Martin en tient la liste à jour. ' +
  'The team meets again next week to look at the plan, its cost and what remains to be done before summer. '
const DUTIES: AnswerDuties = {
  secrets: 'mask',
  personal: 'mask',
  markings: 'mask',
  links: 'cut',
  invisible: 'mask',
  terms: 'pass',
}
/** Units of a token, roughly. */
const PIECE = 4

const scanners = { stream: answerClassifier(), classify: createClassifier() }

const textOf = (length: number): string =>
  PROSE.repeat(Math.ceil(length / PROSE.length)).slice(0, length)

function guarded(text: string, pieces: readonly string[]): void {
  const parts: readonly TextPart[] = [{ path: 'messages.0.content', text, kind: 'text' }]
  const guard = guardAnswer({
    scanners,
    duties: DUTIES,
    hosts: [],
    question: questionOf(() => parts),
    language: 'en',
    askedBy: {},
    decision: 'd',
  })
  for (const piece of pieces) guard.step([{ kind: 'text', text: piece }])
  const { stopped } = guard.end()
  if (stopped !== null) throw new Error('a plain answer was stopped')
}

/** Microseconds of CPU of one call, the least of some rounds: other work on the machine only adds. */
function cost(work: () => void, times: number): number {
  for (let i = 0; i < times; i++) work()
  const rounds = Array.from({ length: Number(values.rounds) }, () => {
    const before = process.cpuUsage()
    for (let i = 0; i < times; i++) work()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / times
  })
  return Math.min(...rounds)
}

const rows = ([1024, 16_384] as const).map((length) => {
  const text = textOf(length)
  const tokens = text.match(/.{1,4}/gs) ?? []
  if (tokens[0]?.length !== PIECE) throw new RangeError('pieces of another size')
  const times = length > 2000 ? 25 : 300
  const parts: readonly TextPart[] = [{ path: 'messages.0.content', text, kind: 'text' }]
  const inbound = cost(() => void scanners.classify(parts, { floor: 'public' }), times)
  const whole = cost(() => guarded(text, [text]), times)
  const stream = cost(() => guarded(text, tokens), times)
  const kilobytes = length / 1024
  return {
    bytes: length,
    'question, us': inbound.toFixed(0),
    'answer whole, us': whole.toFixed(0),
    'answer per token, us': stream.toFixed(0),
    'in + out, us': (inbound + stream).toFixed(0),
    'in + out, us/kB': ((inbound + stream) / kilobytes).toFixed(0),
  }
})
console.table(rows)
