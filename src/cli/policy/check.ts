import type { Config } from '#config/types.ts'
import type { Language } from '#kernel/refusal-messages.ts'
import { CLASS_NAMES, ZONE_NAMES } from '#policy/explain-words.ts'
import { reviewPolicy, WARNINGS, type Remark } from '#policy/review.ts'
import type { Context, ExitCode } from '../command.ts'

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
    terminal.out(
      JSON.stringify({ policyVersion: policy.version, rules: policy.rules.length, remarks }),
    )
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
      terminal.out(`  ${mark} ${remarkText(remark, terminal.language)}`)
    }
  }
  return isStrict && warnings.length > 0 ? 1 : 0
}

function remarkText(remark: Remark, language: Language): string {
  const isFrench = language === 'fr'
  switch (remark.code) {
    case 'class-goes-nowhere':
      return isFrench
        ? `Une donnée ${CLASS_NAMES[remark.class].fr} ne peut aller nulle part : aucune destination activée ne satisfait toutes les règles.`
        : `${capital(CLASS_NAMES[remark.class].en)} data can go nowhere: no enabled destination meets every rule.`
    case 'unknown-name':
      return isFrench
        ? `La règle ${remark.rule} nomme \`${remark.name}\` (${remark.field}), que rien ne porte ici.`
        : `Rule ${remark.rule} names \`${remark.name}\` (${remark.field}), which nothing here is called.`
    case 'leaves-nothing':
      return isFrench
        ? `La règle ${remark.rule} ne laisse aucune destination : ce dont elle parle ne va nulle part.`
        : `Rule ${remark.rule} leaves no destination: what it speaks of goes nowhere.`
    case 'changes-nothing':
      return isFrench
        ? `La règle ${remark.rule} ne change rien : ${remark.beside} parle de tout cela et ne laisse pas davantage.`
        : `Rule ${remark.rule} changes nothing: ${remark.beside} speaks of all of it and leaves no more.`
    case 'masks-nowhere': {
      const zones = remark.zones.map((zone) => ZONE_NAMES[zone][language]).join(', ')
      return isFrench
        ? `La règle ${remark.rule} masque vers ${zones}, où rien ne se trouve ici.`
        : `Rule ${remark.rule} masks towards ${zones}, where there is nothing here.`
    }
    case 'crosses-border':
      return isFrench
        ? `Une donnée ${CLASS_NAMES[remark.class].fr} peut sortir de vos juridictions : ${remark.destination}, ${ZONE_NAMES[remark.zone].fr}, ${remark.jurisdiction}.`
        : `${capital(CLASS_NAMES[remark.class].en)} data can leave your jurisdictions: ${remark.destination}, ${ZONE_NAMES[remark.zone].en}, ${remark.jurisdiction}.`
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
