import type { FastifyRequest } from 'fastify'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { modelList } from './openai-models.ts'
import type { DataHouse } from './ports.ts'

/** Models on a page when the caller does not say, and at most (Anthropic API reference, list models). */
const USUAL_LIMIT = 20
const HIGHEST_LIMIT = 1000

interface ModelRow {
  readonly type: 'model'
  readonly id: string
  readonly display_name: string
  /** RFC 3339; when this gateway learnt of the model, for want of a release date. */
  readonly created_at: string
  readonly lifecycle: 'active'
  readonly max_input_tokens: number | null
  /** Not known here. */
  readonly max_tokens: null
  readonly capabilities: null
  readonly line: null
  readonly deprecated_at: null
  readonly retires_at: null
}

export interface ModelPage {
  readonly data: readonly ModelRow[]
  readonly has_more: boolean
  readonly first_id: string | null
  readonly last_id: string | null
}

/** Clients of the Anthropic dialect say its version, and nobody else does. */
export const speaksAnthropic = (request: FastifyRequest): boolean =>
  request.headers['anthropic-version'] !== undefined

/** `GET /v1/models` for clients of the Anthropic dialect: the same models, a page at a time. */
export function modelPage(house: DataHouse, query: unknown): Result<ModelPage, Refusal> {
  const rows = rowsOf(house)
  const limit = limitOf(field(query, 'limit'))
  if (limit === null) return invalid('limit', `a whole number from 1 to ${HIGHEST_LIMIT}`)
  const after = placeOf(rows, field(query, 'after_id'))
  const before = placeOf(rows, field(query, 'before_id'))
  if (after === null) return invalid('after_id', 'the id of a listed model')
  if (before === null) return invalid('before_id', 'the id of a listed model')
  const isBackwards = before !== undefined
  const rest = isBackwards ? rows.slice(0, before) : rows.slice(after === undefined ? 0 : after + 1)
  const data = isBackwards ? rest.slice(-limit) : rest.slice(0, limit)
  return ok({
    data,
    has_more: rest.length > data.length,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  })
}

/** One model for clients of the Anthropic dialect, or undefined. */
export const modelRow = (house: DataHouse, name: string): ModelRow | undefined =>
  rowsOf(house).find(({ id }) => id === name)

function rowsOf(house: DataHouse): readonly ModelRow[] {
  const served = house.gate.catalogue().destinations.flatMap(({ models }) => models)
  return modelList(house).data.map(({ id, created }) => ({
    type: 'model',
    id,
    display_name: id,
    created_at: new Date(created * 1000).toISOString(),
    lifecycle: 'active',
    max_input_tokens: served.find(({ name }) => name === id)?.contextTokens ?? null,
    max_tokens: null,
    capabilities: null,
    line: null,
    deprecated_at: null,
    retires_at: null,
  }))
}

function field(query: unknown, name: string): string | undefined {
  if (typeof query !== 'object' || query === null) return undefined
  const value: unknown = Object.entries(query).find(([key]) => key === name)?.[1]
  if (value === undefined) return undefined
  return typeof value === 'string' ? value : ''
}

function limitOf(asked: string | undefined): number | null {
  if (asked === undefined) return USUAL_LIMIT
  const limit = /^\d{1,4}$/.test(asked) ? Number(asked) : 0
  return limit >= 1 && limit <= HIGHEST_LIMIT ? limit : null
}

/** Where a cursor stands; null when no such model is listed. */
function placeOf(rows: readonly ModelRow[], id: string | undefined): number | null | undefined {
  if (id === undefined) return undefined
  const place = rows.findIndex((row) => row.id === id)
  return place === -1 ? null : place
}

const invalid = (param: string, expected: string): Result<never, Refusal> =>
  err({ code: 'invalid-value', param, detail: { expected } })
