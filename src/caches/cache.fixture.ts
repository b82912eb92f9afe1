import { createSecretKey } from 'node:crypto'
import type { Caller, Exchange } from '#kernel/exchange.ts'
import { plainCaller } from '#kernel/exchange.ts'
import type { Label } from '#kernel/label.ts'
import type { CacheWishes } from '#kernel/verdict.ts'
import type { JsonObject } from '#kernel/canonical-json.ts'
import { createGate, type Gate } from '#policy/gate.ts'
import type { Catalogue, Policy } from '#policy/document.ts'
import { readChatRequest } from '#protocols/openai-chat/request.ts'
import { chatSurface } from '#protocols/openai-chat/surface.ts'
import type { House } from '#pipeline/ports.ts'
import { serve } from '#pipeline/serve.ts'
import { recorder, scripted, type Row } from '#pipeline/house.fixture.ts'
import { classRank } from '#kernel/label.ts'
import { AnswerCache } from './answer-cache.ts'
import { AnswerTallies } from './answer-tallies.ts'
import { isForbidden } from './bypass.ts'
import { KeptAnswers } from './kept-answers.ts'
import { createMeanings } from './meanings.ts'
import { CACHE, type CacheStore, type Embed } from './ports.ts'
import type { CacheSettings } from './settings.ts'

export const SETTINGS: CacheSettings = {
  exact: true,
  semantic: null,
  ttlMs: 60_000,
  bytes: 1024 * 1024,
  entryBytes: 64 * 1024,
  upTo: 'internal',
  store: 'memory',
  per: 'application',
  singleFlight: false,
}

export interface Asking {
  readonly caller?: Partial<Caller>
  readonly label?: Label
  readonly wishes?: CacheWishes
  readonly text?: string
  readonly body?: JsonObject
  readonly stream?: boolean
  readonly path?: string
  readonly signal?: AbortSignal
}

const PUBLIC: Label = { class: 'public', categories: [], undetermined: false }

/** A house with scripted destinations and a real cache before them; time is a variable. */
export function cachedHouse(
  rows: readonly Row[],
  of: {
    readonly settings?: Partial<CacheSettings>
    readonly policy?: () => Policy
    readonly embed?: Embed
    readonly store?: CacheStore
    readonly answerLabel?: Label
    readonly over?: Partial<House>
  } = {},
) {
  const state = { now: 1000, settings: { ...SETTINGS, ...of.settings }, label: PUBLIC }
  const clock = (): number => state.now
  const base = scripted(rows, PUBLIC)
  const catalogue: () => Catalogue = () => base.house.gate.catalogue()
  const policy: () => Policy = of.policy ?? (() => base.house.gate.policy())
  const gate: Gate = createGate(
    policy,
    catalogue,
    ({ class: has, undetermined }, { destination }, duties) =>
      destination === CACHE.destination &&
      !undetermined &&
      !isForbidden(duties) &&
      classRank(has) <= classRank(state.settings.upTo),
  )
  const key = createSecretKey(Buffer.alloc(32, 7))
  const tallies = new AnswerTallies()
  let nonce = 0
  const randomBytes = (length: number): Uint8Array => {
    nonce += 1
    return new Uint8Array(length).fill(nonce)
  }
  const kept = new KeptAnswers({
    settings: () => state.settings,
    rows: of.store ?? null,
    sealing: createSecretKey(Buffer.alloc(32, 8)),
    clock,
    randomBytes,
  })
  const { embed } = of
  const cache = new AnswerCache({
    settings: () => state.settings,
    gate,
    kept,
    key,
    clock,
    tallies,
    subjectDigest: (person) => `digest-${person}`,
    labelOf: () => of.answerLabel ?? PUBLIC,
    meanings: embed ? createMeanings({ embed, kept, key }) : null,
  })
  let id = 0
  const house: House = {
    ...base.house,
    gate,
    clock,
    cache,
    classify: () => ({ label: state.label, findings: [] }),
    newId: () => `decision-${(id += 1)}`,
    ...of.over,
  }
  const ask = async (asking: Asking = {}) => {
    state.label = asking.label ?? PUBLIC
    const { seen, reply } = recorder()
    const { exchange, request } = requestOf(asking)
    await serve(house, exchange, request, reply, asking.signal ?? new AbortController().signal)
    // what is kept is kept after the answer
    await new Promise((resolve) => setImmediate(resolve))
    return { ...seen, state: seen.receipt?.cache?.state ?? null }
  }
  return { ...base, house, cache, kept, tallies, state, ask }
}

function requestOf(asking: Asking) {
  const { stream = false, text = 'What is the tallest mountain?', wishes } = asking
  const body: JsonObject = {
    model: 'auto',
    stream,
    messages: [{ role: 'user', content: text }],
    ...asking.body,
  }
  const read = readChatRequest(body)
  if (!read.ok) throw new Error(read.error.code)
  const caller = {
    ...plainCaller('default', 'k', 'test'),
    application: 'app',
    team: 'team',
    ...asking.caller,
  }
  const exchange: Exchange = {
    id: 'request-1',
    receivedAt: 0,
    caller,
    language: 'en',
    narrowing: wishes ? { cache: wishes } : {},
    likeness: () => ({ path: asking.path ?? '/v1/chat/completions', headers: {}, body }),
  }
  return { exchange, request: chatSurface(read.value, { id: 'x', createdSeconds: 0 }) }
}
