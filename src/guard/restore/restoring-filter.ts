import { matchesGlob } from '#kernel/glob.ts'
import type { AnswerEvent } from '#protocols/answer-event.ts'
import type { AnswerFilter } from '#protocols/answer-filter.ts'
import type { Names } from '../mask/names.ts'
import { ValueIndex } from '../mask/value-index.ts'
import { Restorer, type FakeSought, type Known, type RestoredCounts } from './restorer.ts'

export interface RestoringFilter extends AnswerFilter {
  /** What became of the placeholders so far. */
  counts(): RestoredCounts
}

type Spoken = 'text' | 'reasoning' | 'refusal'

/**
 * Puts the values of one exchange back into its answer. Arguments of tools get them where the tool is listed; names may
 * end in `*`.
 */
export function restoringFilter(names: Names, tools: readonly string[]): RestoringFilter {
  return restoringOne(knownOf(names), tools, { restored: 0, kept: 0, unknown: 0 })
}

function restoringOne(
  known: Known,
  tools: readonly string[],
  tally: { restored: number; kept: number; unknown: number },
): RestoringFilter {
  const spoken: Record<Spoken, Restorer> = {
    text: new Restorer(known, tally, true, 'undecided'),
    reasoning: new Restorer(known, tally, true, 'prose'),
    refusal: new Restorer(known, tally, true, 'prose'),
  }
  const calls = new Map<number, Restorer>()
  let speaking: Spoken | null = null
  const endSpeaking = (): AnswerEvent[] => {
    if (speaking === null) return []
    const kind = speaking
    speaking = null
    const text = spoken[kind].end()
    return text === '' ? [] : [{ kind, text }]
  }
  const endCalls = (): AnswerEvent[] =>
    [...calls].flatMap(([index, restorer]) => {
      const piece = restorer.end()
      return piece === '' ? [] : [{ kind: 'tool-arguments', index, piece } as const]
    })
  const restored = (event: AnswerEvent): AnswerEvent[] => {
    switch (event.kind) {
      case 'text':
      case 'reasoning':
      case 'refusal': {
        const ended = speaking === event.kind ? [] : endSpeaking()
        speaking = event.kind
        const text = spoken[event.kind].step(event.text)
        return text === '' ? ended : [...ended, { kind: event.kind, text }]
      }
      case 'tool-call': {
        const mayRestore = tools.some((tool) => matchesGlob(tool, event.name))
        calls.set(event.index, new Restorer(known, tally, mayRestore, 'json'))
        return [...endSpeaking(), event]
      }
      case 'tool-arguments': {
        const restorer = calls.get(event.index) ?? new Restorer(known, tally, false, 'json')
        calls.set(event.index, restorer)
        const piece = restorer.step(event.piece)
        return piece === '' ? [] : [{ ...event, piece }]
      }
      case 'finish':
        return [...endSpeaking(), ...endCalls(), event]
      case 'start':
      case 'reasoning-signature':
      case 'usage':
        return [event]
    }
  }
  return {
    step: (events) => ({ events: events.flatMap(restored), stopped: null }),
    end: () => ({ events: [...endSpeaking(), ...endCalls()], stopped: null }),
    counts: () => ({ ...tally }),
    another: () => restoringOne(known, tools, tally),
  }
}

function knownOf({ byLetters, fakes }: Names): Known {
  const index = new ValueIndex<FakeSought>()
  for (const { fake, value } of fakes)
    index.add({ text: fake, normal: fake, sameness: 'exact', value })
  return { byLetters, fakes: index }
}
