import { REMEDIES } from '../rules/remedies.ts'
import { RULES, type RuleCode } from '../rules.ts'
import type { Effect, Finding, ScanReport, Severity } from '../verdict.ts'

const LEVELS: Readonly<Record<Effect, 'error' | 'warning' | 'note'>> = {
  forbid: 'error',
  unread: 'warning',
  warn: 'note',
}

/** Numbers that code-scanning pages sort by (`security-severity`, from 0 to 10). */
const SCORES: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
}

/** The report as SARIF 2.1.0 (OASIS), for code-scanning pages and archives of evidence. */
export function toSarif(
  report: ScanReport,
  { version, language }: { readonly version: string; readonly language: 'en' | 'fr' },
): unknown {
  const findings = report.files.flatMap((file) => file.findings)
  const used = [...new Set(findings.map(({ rule }) => rule))].toSorted()
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'ecluse',
            semanticVersion: version,
            rules: used.map((rule) => ruleOf(rule, language)),
          },
        },
        language,
        artifacts: report.files.map(({ path, size, format }) => ({
          location: { uri: uriOf(path) },
          length: size,
          properties: { format },
        })),
        results: findings.map((finding) => resultOf(finding, used, language)),
        invocations: [{ executionSuccessful: report.verdict !== 'not-analysed' }],
        properties: {
          verdict: report.verdict,
          servable: report.servable,
          exceptions: report.exceptions,
        },
      },
    ],
  }
}

function ruleOf(code: RuleCode, language: 'en' | 'fr'): unknown {
  const rule = RULES[code]
  return {
    id: code,
    shortDescription: { text: rule[language] },
    help: { text: REMEDIES[rule.remedy][language] },
    defaultConfiguration: { level: LEVELS[rule.effect] },
    properties: { 'security-severity': SCORES[rule.severity], tags: ['security', 'model'] },
  }
}

function resultOf(finding: Finding, used: readonly RuleCode[], language: 'en' | 'fr'): unknown {
  const { place, rule, subject, effect } = finding
  const logical = [place.member, place.at].filter((part) => part !== undefined).join(' ')
  return {
    ruleId: rule,
    ruleIndex: used.indexOf(rule),
    level: LEVELS[effect],
    message: {
      text: subject === undefined ? RULES[rule][language] : `${RULES[rule][language]} (${subject})`,
    },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(place.file) },
          ...(place.offset !== undefined && { region: { byteOffset: place.offset } }),
        },
        ...(logical !== '' && { logicalLocations: [{ fullyQualifiedName: logical }] }),
      },
    ],
    ...(finding.again !== undefined && { occurrenceCount: finding.again + 1 }),
  }
}

const uriOf = (path: string): string =>
  path.toWellFormed().split('/').map(encodeURIComponent).join('/')
