import type { Standing } from '#models/vulnerabilities/assess.ts'
import type { Severity } from '#models/vulnerabilities/cvss.ts'
import type { FindingView, VersionSource, VulnerabilityView } from '#models/vulnerabilities/view.ts'
import type { VexState } from '#models/vulnerabilities/vex.ts'
import type { Said, Terminal } from '../terminal.ts'

export const STANDING_WORDS: Readonly<Record<Standing, Said>> = {
  affected: { en: 'affected', fr: 'concerné' },
  possible: { en: 'possible', fr: 'possible' },
  review: { en: 'to review', fr: 'à examiner' },
  'not-affected': { en: 'not affected', fr: 'non concerné' },
}

export const VEX_WORDS: Readonly<Record<VexState, Said>> = {
  not_affected: { en: 'not affected', fr: 'non concerné' },
  affected: { en: 'affected', fr: 'concerné' },
  fixed: { en: 'fixed', fr: 'corrigé' },
  under_investigation: { en: 'under investigation', fr: "à l'étude" },
}

export const VERSION_WORDS: Readonly<Record<VersionSource, Said>> = {
  reported: { en: 'says so itself', fr: 'selon lui-même' },
  configured: { en: 'by configuration', fr: 'selon la configuration' },
  bundled: { en: 'comes with Écluse', fr: 'livré avec Écluse' },
  unknown: { en: 'unknown', fr: 'inconnue' },
}

const COLOURS = {
  critical: 'red',
  high: 'red',
  medium: 'yellow',
  low: 'dim',
  none: 'dim',
} as const satisfies Readonly<Record<Severity, string>>

/** `9.8` in its colour; `≤8.9` where only a word was recorded, `?10.0` where nobody said. */
export function scoreText(
  { cvss, severity, basis }: Pick<VulnerabilityView, 'cvss' | 'severity' | 'basis'>,
  terminal: Terminal,
): string {
  const mark = basis === 'vector' ? '' : basis === 'word' ? '≤' : '?'
  return terminal.paint(COLOURS[severity], `${mark}${cvss.toFixed(1)}`.padStart(5))
}

const clipped = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(1, width - 1))}…`

/** One line for a flaw: score, id, and what it is, as wide as the terminal. */
export function flawLine(row: VulnerabilityView, more: string, terminal: Terminal): string {
  const start = `${scoreText(row, terminal)}  ${row.id.padEnd(15)}`
  const room = terminal.columns - 26 - more.length
  const wrong = row.disagrees ? terminal.paint('yellow', ' !') : '  '
  return `  ${start}${wrong} ${clipped(row.summary, Math.max(30, room))}${more === '' ? '' : `  ${terminal.paint('dim', more)}`}`
}

/** What there is to say of a finding behind its summary: how it stands, and what to do. */
export function findingEnd(
  { standing, counts, fixed, vex }: FindingView,
  terminal: Terminal,
): string {
  const words: string[] = []
  if (standing !== 'affected') words.push(terminal.say(STANDING_WORDS[standing]))
  if (vex !== null) words.push(`VEX ${terminal.say(VEX_WORDS[vex.state])}`)
  if (!counts && standing === 'affected')
    words.push(terminal.say({ en: 'not sure enough to count', fr: 'trop peu sûr pour compter' }))
  if (fixed !== null && standing !== 'not-affected')
    words.push(terminal.say({ en: `fixed in ${fixed}`, fr: `corrigé dans ${fixed}` }))
  return words.join(', ')
}
