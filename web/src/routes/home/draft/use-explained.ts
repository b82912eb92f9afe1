import { useQuery } from '@tanstack/react-query'
import { explain } from '../../../api/explain.ts'
import type { Explanation } from '../../../api/explain.ts'
import { failureOf } from '../../../api/failure.ts'
import type { Failure } from '../../../api/failure.ts'
import { useHttp } from '../../../api/http-context.ts'
import { KEYS } from '../../../api/queries.ts'
import { useWords } from '../../../i18n/use-words.ts'
import { history, isOpen } from '../../../conversation/turns.ts'
import { useStatus } from '../../../shell/use-status.ts'
import { useConversation } from '../../../conversation/conversation.tsx'
import { questionText } from './question-text.ts'
import { useSettled } from './use-settled.ts'

/** Pause in typing after which the draft is explained, in milliseconds. */
const SETTLE_MS = 250

/** An explanation with the draft it was made for, which may be a few keys behind. */
export interface Explained {
  readonly explanation: Explanation
  readonly draft: string
  readonly draftStart: number
  /** How many turns came before: an explanation never outlives its question. */
  readonly turnCount: number
}

export interface ExplainedState {
  /** null while there is nothing to explain, or not yet. */
  readonly explained: Explained | null
  readonly failure: Failure | null
  /** A newer explanation is on its way. */
  readonly pending: boolean
}

/** What the gateway would decide for the conversation with the draft at its end. */
export function useExplained(): ExplainedState {
  const http = useHttp()
  const { turns, draft, model } = useConversation()
  const { language } = useWords()
  const settled = useSettled(draft, SETTLE_MS)
  const blank = draft.trim() === ''
  const engine = useStatus().data?.engine.state ?? null
  // An answer under way joins the text once it is whole.
  const before = history(turns.filter((turn) => !isOpen(turn)))
  const { text, draftStart } = questionText(before, settled)
  const query = useQuery({
    // The verdict changes when the engine comes or goes.
    queryKey: [...KEYS.explain, model, language, engine, turns.length, text],
    queryFn: async ({ signal }): Promise<Explained> => ({
      explanation: await explain(http, { text, model }, signal),
      draft: settled,
      draftStart,
      turnCount: turns.length,
    }),
    enabled: !blank && settled.trim() !== '',
    placeholderData: (previous) => (previous?.turnCount === turns.length ? previous : undefined),
    staleTime: 10_000,
    // What was typed does not stay in the cache for long.
    gcTime: 15_000,
    retry: false,
  })
  return {
    explained: blank ? null : (query.data ?? null),
    failure: blank || query.error === null ? null : failureOf(query.error),
    pending: !blank && (query.isFetching || settled !== draft),
  }
}
