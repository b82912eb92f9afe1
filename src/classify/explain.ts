import type { Finding, Reason } from '#kernel/label.ts'
import type { Language } from '#kernel/refusal-messages.ts'
import { TOKEN_FORMATS } from './data/token-formats.ts'
import { TYPE_NAMES } from './data/type-names.ts'

const VENDORS = new Map(TOKEN_FORMATS.map(({ rule, vendor }) => [rule, vendor]))

/** Why a finding was made, in words: type, rule, checksum, context. Never the matched text. */
export function explainFinding(finding: Finding, language: Language): string {
  const names = TYPE_NAMES[finding.type]
  const name = names?.[language] ?? finding.type
  const vendor = VENDORS.get(finding.rule)
  const what = vendor === undefined ? name : `${name} (${vendor})`
  const sure = level(finding.confidence, language)
  const why = finding.because
    .map((reason) => explainReason(reason, language))
    .filter((text) => text !== '')
  const rule = language === 'fr' ? `règle ${finding.rule}` : `rule ${finding.rule}`
  // French typography sets a space before these signs
  const [colon, semicolon] = language === 'fr' ? [' : ', ' ; '] : [': ', '; ']
  return `${what}${colon}${[rule, ...why, sure].join(semicolon)}`
}

function level(confidence: number, language: Language): string {
  const [high, medium, low] =
    language === 'fr'
      ? ['confiance haute', 'confiance moyenne', 'confiance basse']
      : ['high confidence', 'medium confidence', 'low confidence']
  return confidence >= 0.85 ? high : confidence >= 0.65 ? medium : low
}

const WHERE = {
  en: { heading: 'a heading', 'own-line': 'a line of its own', subject: 'the subject line' },
  fr: { heading: 'un titre', 'own-line': 'une ligne à part', subject: "l'objet" },
} as const
const HOW = {
  en: { name: 'a named person', pronoun: 'a pronoun', role: 'a role' },
  fr: { name: 'une personne nommée', pronoun: 'un pronom', role: 'une fonction' },
} as const

function ofList({ name, owner, near }: Extract<Reason, { kind: 'list' }>, fr: boolean): string {
  const list = fr ? `de « ${name} »` : `of "${name}"`
  const whose = owner === '' ? '' : ` (${owner})`
  const almost = fr ? ', à une lettre près' : ', but for one letter'
  return `${list}${whose}${near ? almost : ''}`
}

function explainReason(reason: Reason, language: Language): string {
  const fr = language === 'fr'
  switch (reason.kind) {
    case 'checksum':
      return fr ? `contrôle « ${reason.name} » vérifié` : `check "${reason.name}" holds`
    case 'prefix':
      return fr ? `forme de ${reason.name}` : `form of ${reason.name}`
    case 'shape':
      return fr ? 'forme reconnue' : 'known shape'
    case 'keyword':
      return fr ? `près du mot « ${reason.keyword} »` : `near the word "${reason.keyword}"`
    case 'key':
      return fr ? `champ nommé « ${reason.key} »` : `field named "${reason.key}"`
    case 'position':
      return fr ? `dans ${WHERE.fr[reason.where]}` : `in ${WHERE.en[reason.where]}`
    case 'person':
      return fr
        ? `à propos de quelqu'un (${HOW.fr[reason.how]})`
        : `about someone (${HOW.en[reason.how]})`
    case 'count':
      return fr ? `${reason.count} × ${reason.of}` : `${reason.count} of ${reason.of}`
    case 'list':
      return ofList(reason, fr)
    case 'test-value':
      return fr ? 'valeur de test publiée' : 'published test value'
  }
}
