import { literal } from './json-grammar.ts'
import { MAX_REPETITION } from './schema-limits.ts'
import { at, refuse } from './schema-refused.ts'

export type Fields = Readonly<Record<string, unknown>>

const FORMATS: Readonly<Record<string, string>> = {
  date: 'date',
  time: 'time offset',
  'date-time': 'date "T" time offset',
  uuid: 'uuid',
}

/** The largest whole number that the grammar writes without an exponent. */
const LARGEST_INTEGER = 999_999_999_999_999

/** Whole numbers between two bounds are listed one by one, up to this many. */
const MAX_LISTED = 1000

/** Body of a rule for strings of a length, or of a format. Lengths count characters, as JSON Schema does. */
export function stringRule(fields: Fields, path: string): string {
  const { minLength = 0, maxLength = null, format } = fields
  if (format !== undefined) {
    const body =
      typeof format === 'string' && Object.hasOwn(FORMATS, format) ? FORMATS[format] : null
    if (!body) throw refuse(at(path, 'format'))
    if (fields['minLength'] !== undefined) throw refuse(at(path, 'minLength'))
    if (fields['maxLength'] !== undefined) throw refuse(at(path, 'maxLength'))
    return `"\\"" ${body} "\\""`
  }
  if (!isLength(minLength)) throw refuse(at(path, 'minLength'))
  if (maxLength !== null && (!isLength(maxLength) || maxLength < minLength))
    throw refuse(at(path, 'maxLength'))
  return maxLength === null && minLength === 0
    ? 'string'
    : `"\\"" char{${minLength},${maxLength ?? ''}} "\\""`
}

/** Body of a rule for numbers; bounds only where a grammar can hold them. */
export function numberRule(type: 'number' | 'integer', fields: Fields, path: string): string {
  // bounds beyond every number of the grammar bind nothing (zod writes those of safe integers)
  const low = bound(fields['minimum'], -1)
  const high = bound(fields['maximum'], 1)
  if (low === undefined && high === undefined) return type
  if (high === undefined) {
    if (low === 0) return type === 'integer' ? 'digits' : 'positive-number'
    if (low === 1 && type === 'integer') return '[1-9] [0-9]{0,14}'
    throw refuse(at(path, 'minimum'))
  }
  if (type === 'number') throw refuse(at(path, 'maximum'))
  if (typeof low !== 'number' || typeof high !== 'number') throw refuse(at(path, 'maximum'))
  const [from, to] = [Math.ceil(low), Math.floor(high)]
  if (!(to >= from && to - from < MAX_LISTED)) throw refuse(at(path, 'maximum'))
  return Array.from({ length: to - from + 1 }, (_, step) => literal(String(from + step))).join(
    ' | ',
  )
}

const bound = (given: unknown, sign: 1 | -1): unknown =>
  typeof given === 'number' && given * sign > LARGEST_INTEGER ? undefined : given

const isLength = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_REPETITION
