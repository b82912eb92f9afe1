import type { AnswerKind } from '#kernel/duties.ts'
import type { Language } from '#kernel/refusal-messages.ts'

type Words = Readonly<Record<AnswerKind, string>>

/** What stands where something was taken out. */
export const MARKS: Readonly<Record<Language, Words>> = {
  en: {
    secrets: '[SECRET removed]',
    personal: '[PERSONAL DATA removed]',
    markings: '[MARKING removed]',
    links: '[LINK removed]',
    invisible: '[INVISIBLE TEXT removed]',
    terms: '[COMPANY TERM removed]',
  },
  fr: {
    secrets: '[SECRET retiré]',
    personal: '[DONNÉE PERSONNELLE retirée]',
    markings: '[MENTION retirée]',
    links: '[LIEN retiré]',
    invisible: '[TEXTE INVISIBLE retiré]',
    terms: "[TERME DE L'ENTREPRISE retiré]",
  },
}

const WHAT: Readonly<Record<Language, Words>> = {
  en: {
    secrets: 'a secret',
    personal: 'personal data that was not in the question',
    markings: 'a confidentiality marking',
    links: 'a link that could carry data away',
    invisible: 'characters that nobody sees',
    terms: 'a term or text of the company that was not in the question',
  },
  fr: {
    secrets: 'un secret',
    personal: 'des données personnelles absentes de la question',
    markings: 'une mention de confidentialité',
    links: 'un lien qui pourrait emporter des données',
    invisible: 'des caractères que personne ne voit',
    terms: "un terme ou un texte de l'entreprise absent de la question",
  },
}

/** What an answer ends with that is cut. */
export const cutNotice = (kind: AnswerKind, language: Language): string =>
  language === 'fr'
    ? `\n\n[La suite de cette réponse est retirée : elle contenait ${WHAT.fr[kind]}.]`
    : `\n\n[The rest of this answer was taken out: it held ${WHAT.en[kind]}.]`

/** What an answer ends with that another model is against, and that is shown all the same. */
export const opinionMark = (model: string, language: Language): string =>
  language === 'fr'
    ? `[Avis contraire : le modèle ${model}, qui a relu cette réponse, la juge non conforme.]`
    : `[Second opinion: the model ${model}, which checked this answer, is against it.]`
