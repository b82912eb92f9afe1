import type { RefusalCode } from './refusal.ts'
import type { Language, Wording } from './wording.ts'

type AnswerCode = Extract<
  RefusalCode,
  | 'answer-withheld'
  | 'held-for-review'
  | 'answer-not-guarded'
  | 'opinion-against'
  | 'opinion-missing'
  | 'four-eyes'
>

/** What is said when an answer may not be shown, or not yet. */
export const ANSWER_WORDINGS: Readonly<Record<AnswerCode, Readonly<Record<Language, Wording>>>> = {
  'answer-withheld': {
    en: {
      message: 'The answer is withheld by the rule `{rule}` (found: {kind}; decision {decision}).',
      remedy: 'Ask in another way, or have the rule changed.',
    },
    fr: {
      message:
        'La réponse est retenue par la règle `{rule}` (trouvé : {kind} ; décision {decision}).',
      remedy: 'Demandez autrement, ou faites changer la règle.',
    },
  },
  'held-for-review': {
    en: {
      message: 'The answer waits for a person to read it, as the rule `{rule}` asks ({kind}).',
      remedy: 'Fetch it once it is released: GET /v1/ecluse/reviews/{review}',
    },
    fr: {
      message:
        "La réponse attend qu'une personne la lise, comme le demande la règle `{rule}` ({kind}).",
      remedy: 'Une fois libérée, elle se lit par GET /v1/ecluse/reviews/{review}',
    },
  },
  'answer-not-guarded': {
    en: {
      message:
        'The answer to this request cannot be looked through, as the rule `{rule}` asks: `{param}`.',
      remedy:
        'Leave `{param}` out (one answer, without log probabilities, on a chat surface), or have the rule changed.',
    },
    fr: {
      message:
        'La réponse à cette requête ne peut pas être examinée, comme le demande la règle `{rule}` : `{param}`.',
      remedy:
        'Retirez `{param}` (une seule réponse, sans probabilités, sur une surface de conversation), ou faites changer la règle.',
    },
  },
  'opinion-against': {
    en: {
      message:
        'The model `{model}`, asked for a second opinion by the rule `{rule}`, is against the answer (decision {decision}).',
      remedy: 'Ask in another way, or have the rule changed.',
    },
    fr: {
      message:
        "Le modèle `{model}`, dont la règle `{rule}` demande l'avis, est contre la réponse (décision {decision}).",
      remedy: 'Demandez autrement, ou faites changer la règle.',
    },
  },
  'opinion-missing': {
    en: {
      message:
        'The model `{model}` gave no opinion on the answer, as the rule `{rule}` asks (decision {decision}).',
      remedy: 'Try again later; the evidence of the decision says what became of the question.',
    },
    fr: {
      message:
        "Le modèle `{model}` n'a pas donné d'avis sur la réponse, comme le demande la règle `{rule}` (décision {decision}).",
      remedy: 'Réessayez plus tard ; la preuve de la décision dit ce que la question est devenue.',
    },
  },
  'four-eyes': {
    en: {
      message: 'This answer belongs to a request of your own.',
      remedy: 'Another person must read it and decide.',
    },
    fr: {
      message: 'Cette réponse est celle de votre propre requête.',
      remedy: 'Une autre personne doit la lire et décider.',
    },
  },
}
