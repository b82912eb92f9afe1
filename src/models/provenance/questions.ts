import type { Said } from '../catalogue/words.ts'

/** What is asked of the training data of a model, in the order of the answer. */
export const QUESTIONS = {
  origin: { en: 'what is said of the data', fr: 'ce qui est dit des données' },
  datasets: { en: 'data sets named', fr: 'jeux de données nommés' },
  data_licences: { en: 'licences of the data', fr: 'licences des données' },
  crawl: { en: 'crawled by its makers', fr: 'collecté par ses auteurs' },
  opt_out: { en: 'opt-outs respected', fr: 'refus respectés' },
  cutoff: { en: 'cut-off date', fr: 'date limite' },
  personal_data: { en: 'personal data treated', fr: 'données personnelles traitées' },
  copyright_policy: {
    en: 'copyright policy, 53(1)(c)',
    fr: "politique de droit d'auteur, 53(1)(c)",
  },
  public_summary: { en: 'public summary, 53(1)(d)', fr: 'résumé public, 53(1)(d)' },
  training_data: { en: 'training data can be had', fr: "données d'entraînement accessibles" },
  finetuning_data: { en: 'tuning data can be had', fr: "données d'ajustement accessibles" },
  data_information: {
    en: 'sources and selection described',
    fr: 'sources et sélection décrites',
  },
  data_processing_code: { en: 'processing code published', fr: 'code de traitement publié' },
} as const satisfies Readonly<Record<string, Said>>

export type ProvenanceQuestion = keyof typeof QUESTIONS

/** Stable words of an answer, for people. */
export const ANSWERS: Readonly<Record<string, Said>> = {
  yes: { en: 'yes', fr: 'oui' },
  partly: { en: 'in part', fr: 'en partie' },
  no: { en: 'no', fr: 'non' },
  unstated: { en: 'not stated', fr: 'non dit' },
  open: { en: 'open', fr: 'ouvert' },
  partial: { en: 'in part', fr: 'en partie' },
  closed: { en: 'closed', fr: 'fermé' },
  published: { en: 'published', fr: 'publié' },
  'not-found': { en: 'not found', fr: 'introuvable' },
}
