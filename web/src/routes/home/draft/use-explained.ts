import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { explain } from '../../../api/explain.ts'
import type { Explanation } from '../../../api/explain.ts'
import { failureOf } from '../../../api/failure.ts'
import type { Failure } from '../../../api/failure.ts'
import { useHttp } from '../../../api/http-context.ts'
import { KEYS } from '../../../api/queries.ts'
import { useWords } from '../../../i18n/use-words.ts'
import { history } from '../chat/turns.ts'
import { useConversation } from '../conversation.tsx'
import { questionText } from './question-text.ts'
import { useSettled } from './use-settled.ts'

/** Pause in typing after which the draft is explained, in milliseconds. */
const SETTLE_MS = 250

/** An explanation with the draft it was made for, which may be a few keys behind. */
export interface Explained {
  readonly explanation: Explanation
  readonly draft: string
  readonly draftStart: number
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
  const { text, draftStart } = questionText(history(turns), settled)
  const query = useQuery({
    queryKey: [...KEYS.explain, model, language, draftStart, text],
    queryFn: async ({ signal }): Promise<Explained> => ({
      explanation: await explain(http, { text, model }, signal),
      draft: settled,
      draftStart,
    }),
    enabled: !blank && settled.trim() !== '',
    placeholderData: keepPreviousData,
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
