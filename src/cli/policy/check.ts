import type { Config } from '#config/types.ts'
import type { Policy } from '#policy/document.ts'
import { reviewPolicy, WARNINGS, type Remark } from '#policy/review.ts'
import type { Context, ExitCode } from '../command.ts'
import { REMEDIES, remarkText } from './remark-words.ts'

/** What a careful author would want to know of the policy of the file. */
export async function checkPolicy(
  config: Config,
  isStrict: boolean,
  context: Context,
): Promise<ExitCode> {
  const { terminal } = context
  const { gate } = await context.offline(config)
  const policy = gate.policy()
  const remarks = reviewPolicy(policy, gate.catalogue(), config.jurisdictions)
  const warnings = remarks.filter(({ code }) => WARNINGS.includes(code))
  if (terminal.json) {
    const told = remarks.map((remark) => ({
      ...remark,
      position: positionOf(remark, policy),
      isWarning: WARNINGS.includes(remark.code),
      message: remarkText(remark, terminal.language),
      remedy: REMEDIES[remark.code][terminal.language],
    }))
    const { version: policyVersion, rules } = policy
    terminal.out(JSON.stringify({ policyVersion, rules: rules.length, remarks: told }))
  } else {
    terminal.out(
      terminal.say({
        en: `Policy ${policy.version}: ${policy.rules.length} rules, ${warnings.length} warnings.`,
        fr: `Politique ${policy.version} : ${policy.rules.length} règles, ${warnings.length} avertissements.`,
      }),
    )
    for (const remark of remarks) {
      const isWarning = WARNINGS.includes(remark.code)
      const mark = isWarning ? terminal.paint('yellow', '!') : terminal.paint('dim', '·')
      const position = positionOf(remark, policy)
      const place = position === null ? '' : terminal.paint('dim', ` (rules[${position - 1}])`)
      terminal.out(`  ${mark} ${remarkText(remark, terminal.language)}${place}`)
      if (isWarning)
        terminal.out(`    ${terminal.paint('dim', REMEDIES[remark.code][terminal.language])}`)
    }
  }
  return isStrict && warnings.length > 0 ? 1 : 0
}

/** The place of a rule among the others, from 1; null where none is meant. */
function positionOf(remark: Remark, { rules }: Policy): number | null {
  if (!('rule' in remark)) return null
  return rules.findIndex(({ id }) => id === remark.rule) + 1
}
