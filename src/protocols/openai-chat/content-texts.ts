import type { JsonValue } from '#kernel/canonical-json.ts'
import type { AnswerEvent } from '../answer-event.ts'
import { isList, isObject } from '../json-body.ts'

type Texts = Extract<AnswerEvent, { kind: 'text' | 'reasoning' }>

/** What the content of an answer says: a text, or (Mistral) a list in which thoughts are parts of their own. */
export function textsOf(content: JsonValue | undefined): readonly Texts[] {
  if (typeof content === 'string') return content === '' ? [] : [{ kind: 'text', text: content }]
  if (!isList(content)) return []
  return content.flatMap((part): readonly Texts[] => {
    if (!isObject(part)) return []
    if (part['type'] !== 'thinking') return textsOf(part['text'])
    return textsOf(part['thinking']).map(({ text }) => ({ kind: 'reasoning', text }))
  })
}
