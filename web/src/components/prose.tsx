import { useWords } from '../i18n/use-words.ts'
import { codeSpans } from './spans.ts'

/** A sentence of the gateway: backticks become code, punctuation is set as the language wants it. */
export function Prose({ text }: { readonly text: string }) {
  const { typeset } = useWords()
  return codeSpans(typesetOutsideCode(text, typeset)).map((span, index) =>
    span.code ? <code key={index}>{span.text}</code> : <span key={index}>{span.text}</span>,
  )
}

/** Commands are to be copied: their spaces stay as they are. */
const typesetOutsideCode = (text: string, typeset: (text: string) => string): string =>
  text
    .split(/(`[^`\n]+`)/)
    .map((part) => (part.startsWith('`') ? part : typeset(part)))
    .join('')
