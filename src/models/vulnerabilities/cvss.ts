import calculator from 'ae-cvss-calculator'
import { scoresOfVersion2 } from './cvss2.ts'
import { scoresOfVersion3 } from './cvss3.ts'
import { CVSS_VERSIONS, GRAMMARS, type CvssVersion } from './cvss-grammar.ts'

export type Severity = 'none' | 'low' | 'medium' | 'high' | 'critical'

/** A vector and the scores that the specification of its version gives it. */
export interface CvssScore {
  readonly version: CvssVersion
  readonly vector: string
  /** 0 to 10, in tenths. */
  readonly base: number
  /** With the temporal, threat and environmental metrics that the vector has; the base score where it has none. */
  readonly overall: number
  readonly severity: Severity
}

/** The longest vector there is has 190 characters. */
const LONGEST = 256

/** The scores of a vector; null for what is none: an unknown metric or value, one given twice, a base metric missing. */
export function scoreVector(text: string): CvssScore | null {
  if (text.length > LONGEST) return null
  // NVD writes version 2 in brackets
  const vector = text.trim().replace(/^\((.*)\)$/, '$1')
  const read = metricsOf(vector)
  if (read === null) return null
  const { version, metrics } = read
  const { base, overall } =
    version === '2.0'
      ? scoresOfVersion2(metrics)
      : version === '4.0'
        ? scoresOfVersion4(vector)
        : scoresOfVersion3(metrics, version)
  return { version, vector, base, overall, severity: severityOf(base, version) }
}

/** In version 4.0 threat and environmental metrics change the same figure: the base score is that of the vector without them. */
function scoresOfVersion4(vector: string): { readonly base: number; readonly overall: number } {
  const { prefix, base } = GRAMMARS['4.0']
  const parts = vector.slice(prefix.length).split('/')
  const kept = parts.filter((part) => Object.hasOwn(base, part.slice(0, part.indexOf(':'))))
  const scoreOf = (text: string): number => new calculator.Cvss4P0(text).calculateScores().overall
  return { base: scoreOf(prefix + kept.join('/')), overall: scoreOf(vector) }
}

function metricsOf(
  vector: string,
): { readonly version: CvssVersion; readonly metrics: ReadonlyMap<string, string> } | null {
  const version = CVSS_VERSIONS.findLast((one) => vector.startsWith(GRAMMARS[one].prefix))
  if (version === undefined) return null
  const { prefix, base, optional } = GRAMMARS[version]
  const metrics = new Map<string, string>()
  for (const part of vector.slice(prefix.length).split('/')) {
    const [metric = '', value = '', ...more] = part.split(':')
    const allowed = Object.hasOwn(base, metric)
      ? base[metric]
      : Object.hasOwn(optional, metric)
        ? optional[metric]
        : undefined
    if (allowed?.includes(value) !== true || more.length > 0 || metrics.has(metric)) return null
    metrics.set(metric, value)
  }
  return Object.keys(base).every((metric) => metrics.has(metric)) ? { version, metrics } : null
}

/** The word for a base score: CVSS 3 and 4 by their specifications, version 2 as NVD words it. */
export function severityOf(score: number, version: CvssVersion = '3.1'): Severity {
  if (version === '2.0') return score < 4 ? 'low' : score < 7 ? 'medium' : 'high'
  if (score === 0) return 'none'
  return score < 4 ? 'low' : score < 7 ? 'medium' : score < 9 ? 'high' : 'critical'
}

/** The highest score that a word stands for; null for a word of none. */
export function highestOfWord(word: string): number | null {
  const bands: Readonly<Record<string, number>> = {
    none: 0,
    low: 3.9,
    medium: 6.9,
    moderate: 6.9,
    high: 8.9,
    important: 8.9,
    critical: 10,
  }
  const known = word.toLowerCase()
  return Object.hasOwn(bands, known) ? (bands[known] ?? null) : null
}

/** Whether a recorded score is one that its vector gives. */
export const agrees = (recorded: number, score: CvssScore): boolean =>
  recorded === score.base || recorded === score.overall
