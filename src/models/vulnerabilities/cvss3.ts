/** Weights of the metrics: Common Vulnerability Scoring System v3.1, section 7.4 (FIRST, 2019); the same in version 3.0. */
const WEIGHTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  UI: { N: 0.85, R: 0.62 },
  C: { H: 0.56, L: 0.22, N: 0 },
  I: { H: 0.56, L: 0.22, N: 0 },
  A: { H: 0.56, L: 0.22, N: 0 },
  E: { H: 1, F: 0.97, P: 0.94, U: 0.91 },
  RL: { U: 1, W: 0.97, T: 0.96, O: 0.95 },
  RC: { C: 1, R: 0.96, U: 0.92 },
  CR: { H: 1.5, M: 1, L: 0.5 },
  IR: { H: 1.5, M: 1, L: 0.5 },
  AR: { H: 1.5, M: 1, L: 0.5 },
}

/** Privileges weigh more where the scope changes. */
const PRIVILEGES: Readonly<Record<'U' | 'C', Readonly<Record<string, number>>>> = {
  U: { N: 0.85, L: 0.62, H: 0.27 },
  C: { N: 0.85, L: 0.68, H: 0.5 },
}

/** Base score of a version 3 vector, and its score with the temporal and environmental metrics that it has. */
export function scoresOfVersion3(
  metrics: ReadonlyMap<string, string>,
  version: '3.0' | '3.1',
): { readonly base: number; readonly overall: number } {
  const weight = (metric: string, value = metrics.get(metric)): number =>
    WEIGHTS[metric]?.[value ?? ''] ?? 1
  const later = weight('E') * weight('RL') * weight('RC')
  const base = scoreOf((metric) => metrics.get(metric) ?? '', weight, null, version)
  const isModified = [...metrics.keys()].some((one) => /^M[A-Z]|^[CIA]R$/.test(one))
  if (!isModified) return { base, overall: roundUp(base * later) }
  const modified = (metric: string): string => {
    const value = metrics.get(`M${metric}`) ?? 'X'
    return value === 'X' ? (metrics.get(metric) ?? '') : value
  }
  const asked = [weight('CR'), weight('IR'), weight('AR')] as const
  const environmental = scoreOf(modified, weight, asked, version)
  return { base, overall: roundUp(environmental * later) }
}

/** Sections 7.1 and 7.3; `asked` weighs confidentiality, integrity and availability in the environmental score. */
function scoreOf(
  value: (metric: string) => string,
  weight: (metric: string, value: string) => number,
  asked: readonly [number, number, number] | null,
  version: '3.0' | '3.1',
): number {
  const [c, i, a] = asked ?? [1, 1, 1]
  const lost =
    1 -
    (1 - weight('C', value('C')) * c) *
      (1 - weight('I', value('I')) * i) *
      (1 - weight('A', value('A')) * a)
  const share = asked === null ? lost : Math.min(lost, 0.915)
  const isChanged = value('S') === 'C'
  const impact = isChanged
    ? changedImpact(share, asked !== null && version === '3.1')
    : 6.42 * share
  if (impact <= 0) return 0
  const privileges = PRIVILEGES[isChanged ? 'C' : 'U'][value('PR')] ?? 1
  const exploitability =
    8.22 *
    weight('AV', value('AV')) *
    weight('AC', value('AC')) *
    privileges *
    weight('UI', value('UI'))
  return roundUp(Math.min((isChanged ? 1.08 : 1) * (impact + exploitability), 10))
}

/** Version 3.1 bends the environmental curve otherwise. */
const changedImpact = (share: number, isBent: boolean): number =>
  isBent
    ? 7.52 * (share - 0.029) - 3.25 * (share * 0.9731 - 0.02) ** 13
    : 7.52 * (share - 0.029) - 3.25 * (share - 0.02) ** 15

/** The smallest tenth that is not below it; appendix A of version 3.1, so that 4.02 in binary is no 4.1. */
function roundUp(score: number): number {
  const whole = Math.round(score * 100_000)
  return whole % 10_000 === 0 ? whole / 100_000 : (Math.floor(whole / 10_000) + 1) / 10
}
