import type { Component, Family } from '../catalogue/family.ts'

type Said = Readonly<Record<'en' | 'fr', string>>

/** One thing asked about training data; a null answer is not known, and never means no. */
export interface ProvenanceAnswer {
  readonly id: string
  readonly question: Said
  readonly answer: string | null
  /** What the recorded evidence says. */
  readonly note: string | null
  readonly source: string | null
}

export interface Provenance {
  readonly model: string
  readonly developer: string
  readonly answers: readonly ProvenanceAnswer[]
  readonly sources: readonly string[]
  readonly retrieved: string
}

/**
 * Where the training data of a model comes from, from the recorded evidence. What nobody recorded (opt-outs, licences of
 * the data, the public summary that article 53(1)(d) of the AI Act asks for) is unknown.
 */
export function provenanceOf(family: Family): Provenance {
  const { trainingData } = family
  const known: ProvenanceAnswer[] = [
    {
      id: 'origin',
      question: { en: 'what is said of the data', fr: 'ce qui est dit des données' },
      answer: trainingData.known,
      note: null,
      source: trainingData.sources?.join(', ') ?? null,
    },
    {
      id: 'cutoff',
      question: { en: 'cut-off date', fr: 'date limite' },
      answer: trainingData.cutoff,
      note: null,
      source: trainingData.sources?.join(', ') ?? null,
    },
    ofComponent(family, 'training_data', {
      en: 'training data can be had',
      fr: "données d'entraînement accessibles",
    }),
    ofComponent(family, 'finetuning_data', {
      en: 'tuning data can be had',
      fr: "données d'ajustement accessibles",
    }),
    ofComponent(family, 'data_information', {
      en: 'sources and selection described',
      fr: 'sources et sélection décrites',
    }),
    ofComponent(family, 'data_processing_code', {
      en: 'processing code published',
      fr: 'code de traitement publié',
    }),
  ]
  const answers = [...known, ...UNRECORDED]
  const { family: model, developer, sources, retrieved } = family
  return { model, developer, answers, sources, retrieved }
}

function ofComponent({ evidence }: Family, component: Component, question: Said): ProvenanceAnswer {
  const found = evidence[component]
  const isKnown = found !== undefined && found.state !== 'unknown'
  return {
    id: component,
    question,
    answer: isKnown ? found.state : null,
    note: found?.note ?? null,
    source: found?.source ?? null,
  }
}

const unrecorded = (id: string, question: Said): ProvenanceAnswer => ({
  id,
  question,
  answer: null,
  note: null,
  source: null,
})

const UNRECORDED: readonly ProvenanceAnswer[] = [
  unrecorded('data_licences', { en: 'licences of the data', fr: 'licences des données' }),
  unrecorded('crawl', { en: 'crawlers and their period', fr: 'robots de collecte et période' }),
  unrecorded('opt_out', { en: 'opt-outs respected', fr: 'refus respectés' }),
  unrecorded('public_summary', {
    en: 'public summary (AI Act, article 53)',
    fr: 'résumé public (règlement IA, article 53)',
  }),
]
