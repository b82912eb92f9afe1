import type { z } from 'zod'
import { isCountry, meantJurisdiction } from './jurisdictions.ts'
import { knownKeys } from './known-keys.ts'
import { named, type ConfigPath, type PathProblem } from './problems.ts'
import { nearest } from './suggest.ts'

type Complaint = Omit<PathProblem, 'path'>

/** What the schema did not accept, as our own problems; the value at fault is looked at but never kept. */
export const shapeProblems = (
  issues: readonly z.core.$ZodIssue[],
  root: unknown,
): readonly PathProblem[] => issues.flatMap((issue) => fromIssue(issue, root))

function fromIssue(issue: z.core.$ZodIssue, root: unknown): readonly PathProblem[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol')
  const value = valueAt(root, path)
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key))
  if (value === undefined) return [{ code: 'missing-key', path, detail: missingDetail(path) }]
  return [{ ...wrongValue(issue, value), path }]
}

function unknownKey(parent: ConfigPath, key: string): PathProblem {
  const known = knownKeys(parent)
  const suggestion = nearest(key, known)
  const detail = { key: named(key), known: known.join(', ') }
  return {
    code: 'unknown-key',
    path: [...parent, key],
    detail: suggestion === undefined ? detail : { ...detail, suggestion },
  }
}

const missingDetail = (path: ConfigPath): PathProblem['detail'] => ({
  key: String(path.at(-1) ?? ''),
})

function wrongValue(issue: z.core.$ZodIssue, value: unknown): Complaint {
  switch (issue.code) {
    case 'invalid_type':
      return { code: 'wrong-type', detail: { expected: issue.expected, got: typeName(value) } }
    case 'invalid_value':
      return oneOf(issue.values.map(String), value)
    case 'too_small':
    case 'too_big':
      return outOfRange(issue)
    case 'invalid_format':
      return wrongFormat(issue.message, value)
    case 'custom':
      return wrongFormat(String(issue.params?.['expected'] ?? 'one-line'), value)
    default:
      return { code: 'wrong-type', detail: { expected: 'other', got: typeName(value) } }
  }
}

function oneOf(choices: readonly string[], value: unknown): Complaint {
  const suggestion = typeof value === 'string' ? nearest(value, choices) : undefined
  const detail = { choices: choices.join(', ') }
  return {
    code: 'invalid-choice',
    detail: suggestion === undefined ? detail : { ...detail, suggestion },
  }
}

function wrongFormat(expected: string, value: unknown): Complaint {
  const meant = typeof value === 'string' ? meantJurisdiction(value) : undefined
  // a group of countries is no place to process in
  const fits =
    meant !== undefined &&
    (expected === 'jurisdiction' || (expected === 'country' && isCountry(meant)))
  return {
    code: 'invalid-format',
    detail: fits ? { expected, suggestion: meant } : { expected },
  }
}

type RangeIssue = z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig

function outOfRange(issue: RangeIssue): Complaint {
  if (issue.origin === 'array' || issue.origin === 'string') {
    return { code: 'empty-value', detail: {} }
  }
  const limit = String(issue.code === 'too_small' ? issue.minimum : issue.maximum)
  const sign = issue.code === 'too_small' ? '≥' : '≤'
  const open = issue.code === 'too_small' ? '>' : '<'
  return { code: 'out-of-range', detail: { limit: `${issue.inclusive ? sign : open} ${limit}` } }
}

function valueAt(root: unknown, path: ConfigPath): unknown {
  let value: unknown = root
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = Reflect.get(value, step)
  }
  return value
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'number' && !Number.isFinite(value) ? 'nan' : typeof value
}
