import { combineLabels, type Label } from '#kernel/label.ts'
import type { Exchange } from '#kernel/exchange.ts'
import type { DecisionEvent } from '#ledger/event.ts'
import type { Canary } from './canary.ts'
import type { Asked } from './conversation.ts'
import type { Told } from './oracle.ts'
import type { Organisation } from './organisation.ts'
import type { Spoken } from './spoken.ts'
import type { Recorded } from './upstreams.ts'

/** An exchange, and what is known of it so far. */
export interface Open {
  readonly asked: Asked
  readonly exchange: Exchange
  /** As it was when the decision was made. */
  organisation: Organisation
  decision: DecisionEvent | null
  /** The last decision about a model that judges the answer; absent until then. */
  opinion?: { readonly decision: DecisionEvent; readonly organisation: Organisation }
  /** What destinations said in their answers to it. */
  readonly spoken: Spoken[]
  /** What its caller was shown; absent until then. */
  shown?: string
}

const SURFACE_OF: Readonly<Record<string, string>> = {
  '/v1/chat/completions': 'openai-chat',
  '/v1/completions': 'openai-completions',
  '/v1/responses': 'openai-responses',
  '/v1/messages': 'anthropic-messages',
  '/api/chat': 'ollama-chat',
  '/api/generate': 'ollama-generate',
  '/v1beta/models/*': 'gemini-generate',
  '/v1/embeddings': 'openai-embeddings',
  '/api/embed': 'ollama-embed',
  '/v1/moderations': 'openai-moderations',
  '/v1/rerank': 'rerank',
}

/** Whether what comes back has texts of a model. */
export const hasTexts = ({ asked }: Open): boolean =>
  !['openai-embeddings', 'ollama-embed', 'openai-moderations', 'rerank'].includes(
    SURFACE_OF[asked.url] ?? '',
  )

const PLAIN: Label = { class: 'public', categories: [], undetermined: false }

/** The request as the evidence says it was decided about. */
export const toldOf = ({ exchange, asked }: Open, decision: DecisionEvent): Told => ({
  caller: exchange.caller,
  // a model that judges an answer is asked on this surface, whatever the caller used
  surface: decision.opinionOn ? 'openai-chat' : (SURFACE_OF[asked.url] ?? ''),
  zones: exchange.narrowing.zones,
  label: combineLabels(
    {
      class: decision.class,
      categories: decision.categories,
      undetermined: decision.undetermined,
    },
    PLAIN,
  ),
})

/** Who may share an answer: one word for all that must be equal. */
export function shareOf({ exchange, organisation }: Open): string {
  const { tenant, team, application, keyId, restrictions } = exchange.caller
  const isAlone = organisation.cache.per === 'key' || (team === null && application === null)
  return JSON.stringify([tenant, team, application, isAlone ? keyId : '', restrictions])
}

/** A request that is sent again, by whomever, holds what it always held. */
export const sharesBody = (asked: ReadonlyMap<string, Open>, open: Open, canary: Canary): boolean =>
  [...asked.values()].some(
    (one) => one.asked.body === open.asked.body && one.asked.planted.includes(canary),
  )

/** The model that a destination was asked for: Gemini has it in the path. */
export function modelIn({ body, path }: Recorded): string | null {
  const [, named] = /\/models\/([^:/]+):/.exec(path) ?? []
  if (named !== undefined) return decodeURIComponent(named)
  const [, model] = /"model":"([^"]+)"/.exec(body) ?? []
  return model ?? null
}

/** Whether a text has a value, in any of the ways it can be written. */
export const hasCanary = (text: string, { needles }: Canary): boolean =>
  needles.some((needle) => text.includes(needle))

/** Everything that was shown, as its reader puts it together: pieces of one field of one kind of event are one text. */
export function textsShown(shown: string): string {
  const fields = new Map<string, string>()
  const gather = (value: unknown, path: string): void => {
    if (typeof value === 'string') fields.set(path, `${fields.get(path) ?? ''}${value}`)
    else if (typeof value === 'object' && value !== null) {
      for (const [key, one] of Object.entries(value)) gather(one, `${path}.${key}`)
    }
  }
  for (const line of shown.split('\n')) {
    const json = line.startsWith('data: ') ? line.slice(6) : line
    if (!json.startsWith('{') && !json.startsWith('[{')) continue
    const value: unknown = JSON.parse(json)
    const { type } = value as { type?: unknown } // any JSON of an answer
    gather(value, typeof type === 'string' ? type : '')
  }
  return [shown, ...fields.values()].join('\n')
}
