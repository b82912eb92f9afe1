import type { ChatMessage } from '../../../api/chat.ts'

/** The text to classify, and where the draft begins in it (UTF-16). */
export interface QuestionText {
  readonly text: string
  readonly draftStart: number
}

const JOIN = '\n\n'

/** The whole conversation, then the draft: the gateway classifies what would really be sent. */
export function questionText(messages: readonly ChatMessage[], draft: string): QuestionText {
  const before = messages.map(({ content }) => content + JOIN).join('')
  return { text: before + draft, draftStart: before.length }
}
