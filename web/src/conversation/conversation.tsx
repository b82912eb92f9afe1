import { createContext, use, useEffect, useMemo, useReducer, useRef, useState } from 'react'
import type { ReactNode, RefObject } from 'react'
import { chat } from '../api/chat.ts'
import { ApiError, failureOf, isAbort } from '../api/failure.ts'
import { useHttp } from '../api/http-context.ts'
import { AUTO } from '../api/models.ts'
import { readReceipt } from '../api/receipt.ts'
import { history, isOpen, turnsAfter } from './turns.ts'
import type { Turn } from './turns.ts'

/** The conversation and the draft of the next question; in memory only. */
export interface Conversation {
  readonly turns: readonly Turn[]
  readonly draft: string
  readonly model: string
  readonly busy: boolean
  /** The field that the draft is written in, while it is on the page. */
  readonly field: RefObject<HTMLTextAreaElement | null>
  readonly setDraft: (draft: string) => void
  /** Puts words into the field, and the cursor after them. */
  readonly propose: (draft: string) => void
  readonly setModel: (model: string) => void
  /** Sends the draft; does nothing while an answer is under way or the draft is blank. */
  readonly send: () => void
  readonly stop: () => void
  readonly clear: () => void
}

const Context = createContext<Conversation | null>(null)

/** The conversation, for the parts of the page that share it. @throws outside of its provider, which is a bug. */
export function useConversation(): Conversation {
  const conversation = use(Context)
  if (conversation === null) throw new Error('ConversationProvider is missing')
  return conversation
}

/** Holds the conversation from page to page; signing out ends it, and stops the answer under way. */
export function ConversationProvider({ children }: { readonly children: ReactNode }) {
  const http = useHttp()
  const [turns, dispatch] = useReducer(turnsAfter, [])
  const [draft, setDraft] = useState('')
  const [model, setModel] = useState(AUTO)
  const field = useRef<HTMLTextAreaElement>(null)
  const running = useRef<AbortController | null>(null)
  const last = turns.at(-1)
  const busy = last !== undefined && isOpen(last)

  useEffect(() => () => running.current?.abort(), [])

  const conversation = useMemo((): Conversation => {
    const answer = async (question: string, controller: AbortController): Promise<void> => {
      const messages = [...history(turns), { role: 'user', content: question } as const]
      try {
        for await (const part of chat(http, { model, messages }, controller.signal)) dispatch(part)
      } catch (thrown) {
        if (isAbort(thrown) || controller.signal.aborted) return
        const receipt = thrown instanceof ApiError ? readReceipt(thrown.headers) : null
        dispatch({ kind: 'fail', failure: failureOf(thrown), receipt })
      }
    }
    const halt = (): void => {
      running.current?.abort()
      running.current = null
    }
    return {
      turns,
      draft,
      model,
      busy,
      field,
      setDraft,
      propose: (words) => {
        setDraft(words)
        field.current?.focus()
      },
      setModel,
      send: () => {
        const question = draft.trim()
        if (busy || question === '') return
        running.current = new AbortController()
        dispatch({ kind: 'ask', question })
        setDraft('')
        void answer(question, running.current)
      },
      stop: () => {
        halt()
        dispatch({ kind: 'stop' })
      },
      clear: () => {
        halt()
        dispatch({ kind: 'clear' })
      },
    }
  }, [http, turns, draft, model, busy])

  return <Context value={conversation}>{children}</Context>
}
