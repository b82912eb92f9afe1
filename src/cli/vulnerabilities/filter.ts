import type { VulnerabilityView } from '#models/vulnerabilities/view.ts'
import { textOption, type Parsed } from '../command.ts'

const SEVERITIES = ['low', 'medium', 'high', 'critical']

/** Which flaws are shown; null when an option makes no sense. */
export function flawFilter(
  args: Parsed,
  text?: string,
): ((row: VulnerabilityView) => boolean) | null {
  const severity = textOption(args, 'severity')
  const least = leastCvss(args)
  const since = textOption(args, 'since')
  const [product, exposure] = [textOption(args, 'product'), textOption(args, 'exposure')]
  if (severity !== undefined && !SEVERITIES.includes(severity)) return null
  if (least === null || (since !== undefined && !/^\d{4}(-\d\d){0,2}$/.test(since))) return null
  const words = text?.toLowerCase()
  return (row) =>
    (product === undefined || row.products.includes(product)) &&
    (severity === undefined || SEVERITIES.indexOf(row.severity) >= SEVERITIES.indexOf(severity)) &&
    row.cvss >= least &&
    (since === undefined || (row.published ?? '') >= since) &&
    (exposure === undefined || row.exposure.includes(exposure)) &&
    (args.values['disagreeing'] !== true || row.disagrees) &&
    (words === undefined ||
      [row.id, ...row.aliases, row.summary, ...row.products]
        .join(' ')
        .toLowerCase()
        .includes(words))
}

/** `--min-cvss`, 0 when it is absent, null when it is none. */
export function leastCvss(args: Parsed): number | null {
  const text = textOption(args, 'min-cvss')
  const least = Number(text ?? 0)
  return least >= 0 && least <= 10 && text !== '' ? least : null
}
