import type { JsonObject } from '#kernel/canonical-json.ts'
import type { AnswerEvent } from '../answer-event.ts'
import { parseExactObject } from './exact-json.ts'

interface Call {
  readonly id: string
  readonly name: string
  readonly pieces: string[]
}

/** Collects tool calls until they are whole. A class because pieces come over the life of an answer. */
export class WrittenCalls {
  readonly #calls = new Map<number, Call>()

  take(event: AnswerEvent): void {
    if (event.kind === 'tool-call') {
      this.#calls.set(event.index, { id: event.id, name: event.name, pieces: [] })
    } else if (event.kind === 'tool-arguments') {
      this.#calls.get(event.index)?.pieces.push(event.piece)
    }
  }

  /**
   * The calls so far, once. Arguments are objects in this protocol: a call whose arguments are none, as when the model
   * was cut off, is told as text, because it must not be executed.
   */
  flush(): { readonly text: string; readonly calls: readonly JsonObject[] } {
    const calls: JsonObject[] = []
    let text = ''
    for (const [index, { id, name, pieces }] of this.#calls) {
      const written = pieces.join('')
      const given = written.trim() === '' ? {} : parseExactObject(written)
      if (given) calls.push({ id, function: { index, name, arguments: given } })
      else text += `${name} ${written}`
    }
    this.#calls.clear()
    return { text, calls }
  }
}
