import { REMEDIES } from '../src/models/weights/rules/remedies.ts'
import { RULE_GROUPS } from '../src/models/weights/rules.ts'
import type { Rule } from '../src/models/weights/rules/rule.ts'

/** Between these lines docs/model-scan.md is written from the rules themselves. */
export const START = '<!-- rules: written by scripts/write-model-scan-page.ts -->'
export const END = '<!-- end of rules -->'

const EXITS = {
  forbid: 'forbidden, exit 1',
  unread: 'not analysed, exit 2',
  warn: 'note, the verdict stays',
} as const

/** The part of docs/model-scan.md that lists every rule under an anchor of its code. */
export function rulesSection(): string {
  return RULE_GROUPS.map(({ title, rules }) =>
    [`## ${title}`, ...Object.entries(rules).map(([code, rule]) => ruleText(code, rule))].join(
      '\n\n',
    ),
  ).join('\n\n')
}

const ruleText = (code: string, rule: Rule): string =>
  [
    `### ${code}`,
    `${rule.en} (${rule.severity}; ${EXITS[rule.effect]})`,
    REMEDIES[rule.remedy].en,
  ].join('\n\n')

/** The page with its list of rules replaced by the present one. */
export function withRules(page: string): string {
  const from = page.indexOf(START)
  const to = page.indexOf(END)
  return `${page.slice(0, from + START.length)}\n\n${rulesSection()}\n\n${page.slice(to)}`
}
