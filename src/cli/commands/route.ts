import { decideText, type MaskedView } from '#gateway/admin/decide-text.ts'
import { explainText } from '#gateway/admin/explain.ts'
import { HOUSE_TENANT } from '#identity/access.ts'
import { explainRefused, explainVerdict } from '#policy/explain.ts'
import type { Choice } from '#kernel/verdict.ts'
import { dutyViews } from '#policy/explain-duties.ts'
import type { Command } from '../command.ts'
import { textOption } from '../command.ts'
import { CLASS_NAMES, ZONE_NAMES } from '#policy/explain-words.ts'
import type { Terminal } from '../terminal.ts'
import { paintClass } from '../paint.ts'

const USAGE =
  '--explain TEXT [--model M] [--team T] [--application A] [--person P] [--purpose U] [--key K] [--organisation O]'

/** `ecluse route --explain`: where a text would go and why, sending nothing. */
export const route: Command = {
  name: 'route',
  summary: {
    en: 'Explain where a text would go; sends nothing',
    fr: "Expliquer où irait un texte ; n'envoie rien",
  },
  usage: USAGE,
  options: {
    explain: { type: 'string' },
    model: { type: 'string' },
    key: { type: 'string' },
    team: { type: 'string' },
    application: { type: 'string' },
    person: { type: 'string' },
    purpose: { type: 'string' },
    organisation: { type: 'string' },
  },
  async run(args, context) {
    const { terminal } = context
    const text = textOption(args, 'explain')
    if (text === undefined) {
      terminal.note(`ecluse route ${USAGE}`)
      return 3
    }
    const config = await context.config()
    if (!config) return 2
    const house = await context.offline(config)
    const model = textOption(args, 'model') ?? 'auto'
    const { language } = terminal
    const caller = {
      key: textOption(args, 'key') ?? '',
      ...given('team', textOption(args, 'team')),
      ...given('application', textOption(args, 'application')),
      ...given('person', textOption(args, 'person')),
      ...given('purpose', textOption(args, 'purpose')),
    }
    const tenant = textOption(args, 'organisation') ?? HOUSE_TENANT
    const asked = { text, model, language, tenant, caller }
    const { label, findings, verdict, masked } = await decideText(house, asked)
    if (terminal.json) {
      const explained = await explainText(house, asked)
      terminal.out(JSON.stringify(explained))
      return verdict.chosen ? 0 : 1
    }
    terminal.out(`${paintClass(terminal, label)}  ${explainVerdict(verdict, language)}`)
    for (const finding of findings) {
      terminal.out(`  ${finding.type}: ${house.explainFinding(finding, language)}`)
    }
    for (const [index, choice] of verdict.allowed.entries()) {
      terminal.out(
        `  ${terminal.paint('green', `${index + 1}.`)} ${choice.destination.id} / ${choice.model.name} (${choice.zone})${choice.masked ? terminal.say({ en: ', masked', fr: ', masquée' }) : ''}${figuresText(choice)}`,
      )
    }
    for (const { explanation } of dutyViews(verdict.duties, language)) {
      terminal.out(`  ${terminal.paint('yellow', '!')} ${explanation}`)
    }
    for (const one of masked)
      terminal.out(`  ${terminal.paint('yellow', '~')} ${maskedLine(one, terminal)}`)
    for (const refused of verdict.refused) {
      terminal.out(`  ${terminal.paint('red', 'x')} ${explainRefused(refused, verdict, language)}`)
    }
    return verdict.chosen ? 0 : 1
  },
}

/** By what it was ordered, where the policy says by what. */
const figuresText = ({ figures = {} }: Choice): string => {
  const told = Object.entries(figures).map(([name, figure]) => `${name} ${figure ?? '?'}`)
  return told.length === 0 ? '' : `  ${told.join(', ')}`
}

const given = (name: string, value: string | undefined): Readonly<Record<string, string>> =>
  value === undefined ? {} : { [name]: value }

/** What a mask takes away, and what is left. */
function maskedLine({ zones, values, label }: MaskedView, terminal: Terminal): string {
  const { language } = terminal
  const where = zones.map((zone) => ZONE_NAMES[zone][language])
  const counts = Object.entries(values).map(([type, count]) => `${type} ${count}`)
  const what = counts.join(', ') || terminal.say({ en: 'nothing', fr: 'rien' })
  const left = label ? CLASS_NAMES[label.class][language] : null
  if (language === 'fr') {
    const rest = left === null ? 'ne peut pas être masquée.' : `ce qui reste est ${left}.`
    return `Vers ${where.join(' ou ')}, masqué : ${what} ; ${rest}`
  }
  const rest = left === null ? 'it cannot be masked.' : `what is left is ${left}.`
  return `Towards ${where.join(' or ')}, masked: ${what}; ${rest}`
}
