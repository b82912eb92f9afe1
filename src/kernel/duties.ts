import type { Zone } from './destination.ts'
import { CATEGORIES, type Category } from './label.ts'
import type { Milliseconds } from './units.ts'
import type { Language } from './wording.ts'

/** How a masked value is written: a name that says what stands there, or a plausible value of the same format. */
export const MASK_STYLES = ['placeholder', 'fake'] as const
export type MaskStyle = (typeof MASK_STYLES)[number]

/** What is replaced before a text goes to some zones. What is given by type and by category adds up. */
export interface MaskDuty {
  /** Types of findings, upper snake case, which may end in `*`; in order, without doubles. */
  readonly types: readonly string[]
  readonly categories: readonly Category[]
  readonly zones: readonly Zone[]
  readonly style: MaskStyle
  /** Tools whose arguments get the values back; names may end in `*`. */
  readonly tools: readonly string[]
}

/** What is looked for in answers. */
export const ANSWER_KINDS = [
  'secrets',
  'personal',
  'markings',
  'links',
  'invisible',
  'terms',
] as const
export type AnswerKind = (typeof ANSWER_KINDS)[number]

/** What is done about it, from the mildest to the strictest: what is refused can nobody release, what is held can. */
export const ANSWER_ACTIONS = ['pass', 'mask', 'cut', 'review', 'refuse'] as const
export type AnswerAction = (typeof ANSWER_ACTIONS)[number]

export type AnswerDuties = Readonly<Record<AnswerKind, AnswerAction>>

/** What is done about answers, and what that takes. */
export interface AnswerTerms {
  /** Hosts that links may lead to: each list must have the host, `*.name` for all below it; none: any host. */
  readonly hosts: readonly (readonly string[])[]
  /** Id of the first rule, by name, that asks for the strictest of a kind, or for all to be read. */
  readonly askedBy: Readonly<Partial<Record<AnswerKind | 'review', string>>>
}

/** Duties that are there or not. */
export const DUTY_NAMES = ['no-store', 'no-cache', 'disclose', 'review', 'second-opinion'] as const
export type DutyName = (typeof DUTY_NAMES)[number]

/** What is done about an answer that another model finds wanting, from the mildest to the strictest. */
export const OPINION_ACTIONS = ['mark', 'review', 'refuse'] as const
export type OpinionAction = (typeof OPINION_ACTIONS)[number]

/** What is done where there is no opinion: never less than holding it. */
export const NO_OPINION_ACTIONS = ['review', 'refuse'] as const
export type NoOpinionAction = (typeof NO_OPINION_ACTIONS)[number]

/** How a model is asked: in words, for a yes or a no of ours; or as Llama Guard is, for `safe` or `unsafe`. */
export const OPINION_STYLES = ['words', 'llama-guard'] as const
export type OpinionStyle = (typeof OPINION_STYLES)[number]

/** Another model that judges answers before they are shown. */
export interface OpinionDuty {
  /** As callers name models. */
  readonly model: string
  readonly style: OpinionStyle
  /** What an answer must be, in the words of the company; null: ours. */
  readonly prompt: string | null
  readonly onNo: OpinionAction
  readonly onError: NoOpinionAction
  readonly withinMs: Milliseconds
  /** Id of the first rule, by name, that asks for it. */
  readonly rule: string
}

/** A sentence in every language that answers end with. */
export type Notice = Readonly<Record<Language, string>>

/** What must be done on the way: the union, and the strictest, of what all rules that speak of a request ask. */
export interface Duties {
  readonly mask: readonly MaskDuty[]
  /** NO_ANSWER_DUTIES itself where no rule speaks of answers; where one does, they are looked through, though all may pass. */
  readonly answers: AnswerDuties
  readonly answerTerms: AnswerTerms
  /** Nothing of the texts is kept, here or by the destination. */
  readonly noStore: boolean
  readonly noCache: boolean
  /** The answer says that a machine wrote it. */
  readonly disclose: boolean
  /** A person reads the answer before the caller gets it. */
  readonly review: boolean
  /** Sentences of answers that say so in their text; their order does not matter. */
  readonly notices: readonly Notice[]
  /** Other models that must find nothing against the answer, each of them. */
  readonly opinions: readonly OpinionDuty[]
}

export const NO_ANSWER_DUTIES: AnswerDuties = Object.freeze({
  secrets: 'pass',
  personal: 'pass',
  markings: 'pass',
  links: 'pass',
  invisible: 'pass',
  terms: 'pass',
})

export const NO_ANSWER_TERMS: AnswerTerms = Object.freeze({
  hosts: Object.freeze([]),
  askedBy: Object.freeze({}),
})

/** The usual case, one and the same object, so that `duties === NO_DUTIES` tells that nothing is asked. */
export const NO_DUTIES: Duties = Object.freeze({
  mask: Object.freeze([]),
  answers: NO_ANSWER_DUTIES,
  answerTerms: NO_ANSWER_TERMS,
  noStore: false,
  noCache: false,
  disclose: false,
  review: false,
  notices: Object.freeze([]),
  opinions: Object.freeze([]),
})

/** The one mask for a zone: everything that some duty covers, in the stricter style; null: nothing. */
export function maskFor({ mask }: Duties, zone: Zone): MaskDuty | null {
  if (mask.length === 0) return null
  const here = mask.filter(({ zones }) => zones.includes(zone))
  if (here.length === 0) return null
  return {
    types: [...new Set(here.flatMap(({ types }) => types))].toSorted(),
    categories: CATEGORIES.filter((one) => here.some(({ categories }) => categories.includes(one))),
    zones: [zone],
    style: here.some(({ style }) => style === 'placeholder') ? 'placeholder' : 'fake',
    tools: here[0]?.tools.filter((tool) => here.every(({ tools }) => tools.includes(tool))) ?? [],
  }
}

/** Whether what one mask covers, another one covers too. */
export const coversMask = (wide: MaskDuty, mask: MaskDuty): boolean =>
  mask.types.every((type) => wide.types.includes(type)) &&
  mask.categories.every((category) => wide.categories.includes(category))

/** The stricter of two, of a list that begins with the mildest. */
export const stricterOf = <Action extends string>(
  list: readonly Action[],
  a: Action,
  b: Action,
): Action => (list.indexOf(a) >= list.indexOf(b) ? a : b)

/** The stricter of two. */
export const stricterAction = (a: AnswerAction, b: AnswerAction): AnswerAction =>
  ANSWER_ACTIONS.indexOf(a) >= ANSWER_ACTIONS.indexOf(b) ? a : b
