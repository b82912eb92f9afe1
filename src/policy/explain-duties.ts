import {
  ANSWER_KINDS,
  NO_DUTIES,
  type AnswerAction,
  type AnswerDuties,
  type AnswerKind,
  type Duties,
  type DutyName,
  type MaskDuty,
  type NoOpinionAction,
  type OpinionAction,
  type OpinionDuty,
} from '#kernel/duties.ts'
import type { Language } from '#kernel/refusal-messages.ts'
import { ZONE_NAMES, type Told } from './explain-words.ts'

/** One duty as data, with the sentence that says it. */
export type DutyView =
  | (MaskDuty & { readonly kind: 'mask'; readonly explanation: string })
  | (Partial<AnswerDuties> & { readonly kind: 'answers'; readonly explanation: string })
  | {
      readonly kind: 'second-opinion'
      readonly model: string
      readonly onNo: OpinionAction
      readonly onError: NoOpinionAction
      readonly explanation: string
    }
  | { readonly kind: Exclude<DutyName, 'second-opinion'>; readonly explanation: string }

/** The duties of a verdict, one by one; none where nothing is asked. */
export function dutyViews(duties: Duties, language: Language): readonly DutyView[] {
  if (duties === NO_DUTIES) return []
  return [
    ...duties.mask.map((mask): DutyView => ({
      kind: 'mask',
      ...mask,
      explanation: explainMask(mask, language),
    })),
    ...answersView(duties.answers, language),
    ...NAMED.flatMap(([field, kind]): DutyView[] =>
      duties[field] ? [{ kind, explanation: DUTY_WORDS[kind][language] }] : [],
    ),
    ...duties.opinions.map(({ model, onNo, onError }): DutyView => ({
      kind: 'second-opinion',
      model,
      onNo,
      onError,
      explanation: explainOpinion({ model, onNo, onError }, language),
    })),
  ]
}

function explainOpinion(
  { model, onNo, onError }: Pick<OpinionDuty, 'model' | 'onNo' | 'onError'>,
  language: Language,
): string {
  const [no, error] = [OPINION_WORDS[onNo][language], OPINION_WORDS[onError][language]]
  return language === 'fr'
    ? `Le modèle ${model} juge la réponse avant qu'elle soit rendue : si l'avis est contraire, ${no} ; sans avis, ${error}.`
    : `The model ${model} judges the answer before it is given: if it is against it, ${no}; without an opinion, ${error}.`
}

const OPINION_WORDS: Readonly<Record<OpinionAction, Told>> = {
  mark: { en: 'it is given with a notice', fr: 'elle est rendue avec une mention' },
  review: { en: 'a person decides', fr: 'une personne décide' },
  refuse: { en: 'it is refused', fr: 'elle est refusée' },
}

type Named = Exclude<DutyName, 'second-opinion'>

const NAMED: readonly (readonly [keyof Duties, Named])[] = [
  ['noStore', 'no-store'],
  ['noCache', 'no-cache'],
  ['disclose', 'disclose'],
  ['review', 'review'],
]

function answersView(answers: AnswerDuties, language: Language): readonly DutyView[] {
  const asked = ANSWER_KINDS.filter((kind) => answers[kind] !== 'pass')
  if (asked.length === 0) return []
  const told = asked.map(
    (kind) => `${KIND_WORDS[kind][language]} ${ACTION_WORDS[answers[kind]][language]}`,
  )
  const opening = language === 'fr' ? 'Dans la réponse : ' : 'In the answer: '
  return [
    {
      kind: 'answers',
      ...Object.fromEntries(asked.map((kind) => [kind, answers[kind]])),
      explanation: `${opening}${told.join(language === 'fr' ? ' ; ' : '; ')}.`,
    },
  ]
}

function explainMask(mask: MaskDuty, language: Language): string {
  const { types, categories, zones, style } = mask
  const what = [...types, ...categories].join(', ')
  const where = zones.map((zone) => ZONE_NAMES[zone][language])
  if (language === 'fr') {
    const by = style === 'fake' ? 'des valeurs plausibles' : 'des repères'
    return `Vers ${where.join(' ou ')}, ce qui suit est remplacé par ${by} et rétabli dans la réponse : ${what}.`
  }
  const by = style === 'fake' ? 'plausible values' : 'placeholders'
  return `Towards ${where.join(' or ')}, the following is replaced by ${by} and restored in the answer: ${what}.`
}

const DUTY_WORDS: Readonly<Record<Named, Told>> = {
  'no-store': { en: 'Nothing of it is kept.', fr: "Rien n'en est conservé." },
  'no-cache': {
    en: 'The answer comes from no cache and goes into none.',
    fr: "La réponse ne vient d'aucun cache et n'entre dans aucun.",
  },
  disclose: {
    en: 'The answer says that a machine wrote it.',
    fr: "La réponse dit qu'une machine l'a écrite.",
  },
  review: {
    en: 'A person reads the answer before it is given.',
    fr: "Une personne lit la réponse avant qu'elle soit rendue.",
  },
}

const KIND_WORDS: Readonly<Record<AnswerKind, Told>> = {
  secrets: { en: 'secrets', fr: 'les secrets' },
  personal: {
    en: 'personal data that was not in the question',
    fr: 'les données personnelles absentes de la question',
  },
  markings: { en: 'confidentiality markings', fr: 'les mentions de confidentialité' },
  links: {
    en: 'links that could carry data away',
    fr: 'les liens qui pourraient emporter des données',
  },
  terms: {
    en: 'terms and texts of the company that were not in the question',
    fr: "les termes et textes de l'entreprise absents de la question",
  },
  invisible: { en: 'invisible characters', fr: 'les caractères invisibles' },
}

/** After a plural, in both languages. */
const ACTION_WORDS: Readonly<Record<AnswerAction, Told>> = {
  pass: { en: 'pass', fr: 'passent' },
  mask: { en: 'are masked', fr: 'sont masqués' },
  cut: { en: 'end it there', fr: "l'arrêtent là" },
  review: { en: 'hold it for review', fr: 'la retiennent pour relecture' },
  refuse: { en: 'have it refused', fr: 'la font refuser' },
}
