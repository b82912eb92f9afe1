import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import { isList, isObject } from '../json-body.ts'

interface OpenCall {
  readonly id: string
  readonly name: string
}

/**
 * Ids for the tool calls of one conversation: this protocol pairs a result with its call by name and order, others by
 * id. A class because it walks the messages once, in their order.
 */
export class CallNames {
  readonly #taken: ReadonlySet<string>
  #made = 0
  #open: OpenCall[] = []

  constructor(messages: readonly JsonObject[]) {
    const given = messages.flatMap((message) =>
      isList(message['tool_calls']) ? message['tool_calls'].filter(isObject) : [],
    )
    this.#taken = new Set(given.map(({ id }) => id).filter((id) => typeof id === 'string'))
  }

  /** The id of a call: its own, or the next `call_N` that no other call has. */
  called(given: JsonValue | undefined, name: string): string {
    const id = typeof given === 'string' && given !== '' ? given : this.#next()
    this.#open.push({ id, name })
    return id
  }

  /** The id of the call that a result answers: named by id, else by tool, else the first that is still open. */
  answeredBy(message: JsonObject): string {
    const id = message['tool_call_id']
    const name = message['tool_name'] ?? message['name']
    const call =
      this.#open.find((open) => open.id === id) ??
      this.#open.find((open) => open.name === name) ??
      (name === undefined && id === undefined ? this.#open[0] : undefined)
    if (call) this.#open = this.#open.filter((open) => open !== call)
    return call?.id ?? textOf(id) ?? textOf(name) ?? ''
  }

  #next(): string {
    let id = `call_${this.#made}`
    for (this.#made += 1; this.#taken.has(id); this.#made += 1) id = `call_${this.#made}`
    return id
  }
}

const textOf = (value: JsonValue | undefined): string | null =>
  typeof value === 'string' ? value : null
