/** Weights of the metrics: A Complete Guide to the CVSS Version 2.0, section 3.2 (FIRST, 2007). What is not there weighs 1. */
const WEIGHTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AV: { L: 0.395, A: 0.646, N: 1 },
  AC: { H: 0.35, M: 0.61, L: 0.71 },
  Au: { M: 0.45, S: 0.56, N: 0.704 },
  C: { N: 0, P: 0.275, C: 0.66 },
  I: { N: 0, P: 0.275, C: 0.66 },
  A: { N: 0, P: 0.275, C: 0.66 },
  E: { U: 0.85, POC: 0.9, F: 0.95, H: 1 },
  RL: { OF: 0.87, TF: 0.9, W: 0.95, U: 1 },
  RC: { UC: 0.9, UR: 0.95, C: 1 },
  CDP: { N: 0, L: 0.1, LM: 0.3, MH: 0.4, H: 0.5, ND: 0 },
  TD: { N: 0, L: 0.25, M: 0.75, H: 1 },
  CR: { L: 0.5, M: 1, H: 1.51 },
  IR: { L: 0.5, M: 1, H: 1.51 },
  AR: { L: 0.5, M: 1, H: 1.51 },
}

/**
 * Base score of a version 2 vector, and its score with the temporal and environmental metrics that it has. Every step that
 * the guide rounds is rounded, the temporal score inside the environmental one included.
 */
export function scoresOfVersion2(metrics: ReadonlyMap<string, string>): {
  readonly base: number
  readonly overall: number
} {
  const weight = (metric: string): number => WEIGHTS[metric]?.[metrics.get(metric) ?? ''] ?? 1
  const exploitability = 20 * weight('AV') * weight('AC') * weight('Au')
  const impact = 10.41 * (1 - (1 - weight('C')) * (1 - weight('I')) * (1 - weight('A')))
  const base = baseOf(impact, exploitability)
  const temporal = (of: number): number => tenths(of * weight('E') * weight('RL') * weight('RC'))
  // one that is not defined does not influence the score
  const hasEnvironment = ['CDP', 'TD', 'CR', 'IR', 'AR'].some(
    (one) => (metrics.get(one) ?? 'ND') !== 'ND',
  )
  if (!hasEnvironment) return { base, overall: temporal(base) }
  const adjusted = Math.min(
    10,
    10.41 *
      (1 -
        (1 - weight('C') * weight('CR')) *
          (1 - weight('I') * weight('IR')) *
          (1 - weight('A') * weight('AR'))),
  )
  const damage = metrics.has('CDP') ? weight('CDP') : 0
  const inPlace = temporal(baseOf(adjusted, exploitability))
  const overall = tenths((inPlace + (10 - inPlace) * damage) * weight('TD'))
  // requirements can lower the impact so far that the sum is below any score
  return { base, overall: Math.max(0, overall) }
}

const baseOf = (impact: number, exploitability: number): number =>
  tenths((0.6 * impact + 0.4 * exploitability - 1.5) * (impact === 0 ? 0 : 1.176))

/** Halves go up; sums of binary fractions that stand just below a half are that half. */
const tenths = (score: number): number => Math.floor(score * 10 + 0.5 + 1e-9) / 10
