import type { Component, Family } from '../catalogue/family.ts'
import { shippedCatalogue } from '../catalogue/family.ts'
import type { Said } from '../catalogue/words.ts'
import { ANSWERS, QUESTIONS, type ProvenanceQuestion } from './questions.ts'
import {
  RECORDED,
  recordedProvenance,
  recordedRow,
  type RecordedAnswer,
  type RecordedQuestion,
} from './recorded.ts'

/** One thing asked about training data; a null answer is not known, and never means no. */
export interface ProvenanceAnswer {
  readonly id: ProvenanceQuestion
  readonly question: Said
  /** A stable word (`yes`, `partly`, `published` ...), or what is recorded, as it is written there. */
  readonly answer: string | null
  /** The same for people, where it is one of the stable words. */
  readonly words: Said | null
  /** What the recorded evidence says. */
  readonly note: string | null
  /** Ids in `sources`, separated by commas. */
  readonly source: string | null
  /** `recalled`: general knowledge, to be confirmed. `absence`: nothing of the kind was found there. */
  readonly basis: 'stated' | 'absence' | 'recalled' | null
  /** Where the document itself is; of the public summary. */
  readonly url: string | null
}

export interface ProvenanceSource {
  readonly id: string
  readonly title: string
  readonly url: string | null
  readonly date: string | null
}

/** When the public summary is owed, for a model put on the market of the Union then, if it is a general-purpose one. */
export interface SummaryDuty {
  /** ISO day from which, or by which, it is owed; null: nobody knows when the model came out. */
  readonly due: string | null
  readonly isOlder: boolean
  readonly template: string
}

export interface Provenance {
  readonly model: string
  readonly developer: string
  readonly answers: readonly ProvenanceAnswer[]
  readonly summaryDuty: SummaryDuty
  readonly sources: readonly ProvenanceSource[]
  /** Ids of the questions that nobody has an answer to. */
  readonly unknown: readonly ProvenanceQuestion[]
  readonly retrieved: string
}

/** Where the training data of a model comes from, from the recorded evidence; what nobody recorded is unknown. */
export function provenanceOf(family: Family): Provenance {
  const row = recordedRow(family.id)
  const { trainingData } = family
  const known = trainingData.sources?.join(',') ?? null
  const answers: ProvenanceAnswer[] = Object.keys(QUESTIONS).map((id) => {
    const question = id as ProvenanceQuestion // a key of QUESTIONS
    if (question === 'origin') return plain(question, trainingData.known, known)
    if (question === 'cutoff') return plain(question, trainingData.cutoff, known)
    if (question === 'public_summary') return summaryAnswer(family)
    const recorded = RECORDED.find((one) => one === question)
    return recorded === undefined
      ? ofComponent(family, question as Component) // the rest are components
      : ofRecord(recorded, row?.answers[recorded])
  })
  return {
    model: family.family,
    developer: family.developer,
    answers,
    summaryDuty: dutyOf(family.release),
    sources: sourcesOf(answers),
    unknown: answers.filter(({ answer }) => answer === null).map(({ id }) => id),
    retrieved: [family.retrieved, row?.retrieved ?? ''].toSorted().at(-1) ?? family.retrieved,
  }
}

const made = (
  id: ProvenanceQuestion,
  more: Partial<Omit<ProvenanceAnswer, 'id' | 'question'>>,
): ProvenanceAnswer => ({
  id,
  question: QUESTIONS[id],
  answer: null,
  words: null,
  note: null,
  source: null,
  basis: null,
  url: null,
  ...more,
})

const plain = (
  id: ProvenanceQuestion,
  answer: string | null,
  source: string | null,
): ProvenanceAnswer => made(id, answer === null ? {} : { answer, source })

function ofComponent({ evidence }: Family, component: Component): ProvenanceAnswer {
  const found = evidence[component]
  const id = component as ProvenanceQuestion // only the four that are questions come here
  if (found === undefined) return made(id, {})
  const isKnown = found.state !== 'unknown'
  return made(id, {
    answer: isKnown ? found.state : null,
    words: isKnown ? (ANSWERS[found.state] ?? null) : null,
    note: found.note,
    source: found.source,
    basis: found.basis,
  })
}

const ofRecord = (id: RecordedQuestion, found: RecordedAnswer | undefined): ProvenanceAnswer =>
  found === undefined ? made(id, {}) : made(id, { ...found, words: ANSWERS[found.answer] ?? null })

function summaryAnswer({ id, release, access }: Family): ProvenanceAnswer {
  const found = recordedRow(id)?.publicSummary ?? null
  if (found === null) {
    const { looked } = recordedProvenance()
    // what nobody is offered is on no market, and older models were not looked for
    const isLookedFor =
      access === undefined && release !== null && release >= looked.since.slice(0, 7)
    if (!isLookedFor) return made('public_summary', {})
    const { note, source } = looked
    const answer = 'not-found'
    return made('public_summary', {
      answer,
      words: ANSWERS[answer] ?? null,
      note,
      source,
      basis: 'absence',
    })
  }
  const { state, url, date, note, source } = found
  return made('public_summary', {
    answer: state,
    words: ANSWERS[state] ?? null,
    note: date === null ? note : `${date}. ${note}`,
    source,
    url,
    basis: state === 'published' ? 'stated' : 'absence',
  })
}

/** Months are all that is known of releases: one of the month in which the duty began counts as of its time. */
function dutyOf(release: string | null): SummaryDuty {
  const { duty, template } = recordedProvenance()
  const text = `${template.reference}, ${template.published}`
  if (release === null) return { due: null, isOlder: false, template: text }
  const isOlder = release.slice(0, 7) < duty.since.slice(0, 7)
  return { due: isOlder ? duty.older : duty.since, isOlder, template: text }
}

function sourcesOf(answers: readonly ProvenanceAnswer[]): readonly ProvenanceSource[] {
  const ids = new Set(answers.flatMap(({ source }) => source?.split(',') ?? []))
  return [...ids].map(sourceNamed)
}

function sourceNamed(id: string): ProvenanceSource {
  const recorded = recordedProvenance().sources[id]
  if (recorded !== undefined)
    return { id, title: recorded.title, url: recorded.url, date: recorded.date }
  const shipped = shippedCatalogue().sources[id]
  const text = (name: string): string | null => {
    const value = shipped?.[name]
    return typeof value === 'string' ? value : null
  }
  const repository = text('repo')
  const where = text('url') ?? (repository === null ? null : `https://github.com/${repository}`)
  return { id, title: shipped?.title ?? id, url: where, date: text('date') }
}
