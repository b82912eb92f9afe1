import type { Zone, ModelTask } from '#kernel/destination.ts'
import type {
  AnswerAction,
  AnswerKind,
  DutyName,
  MaskStyle,
  NoOpinionAction,
  OpinionAction,
  OpinionStyle,
} from '#kernel/duties.ts'
import type { Category, DataClass } from '#kernel/label.ts'
import type { Milliseconds } from '#kernel/units.ts'
import type { Language } from '#kernel/wording.ts'

/**
 * Which requests a rule speaks of: every field that is given must hold, and one holds when one of its values does.
 * Names may end in `*`. A rule that gives none speaks of every request.
 */
export interface RuleMatch {
  readonly classes?: readonly DataClass[] | undefined
  /** The label has one of them. */
  readonly categories?: readonly Category[] | undefined
  /** The model as the caller named it; `auto` where it named none. */
  readonly models?: readonly string[] | undefined
  readonly tasks?: readonly ModelTask[] | undefined
  readonly surfaces?: readonly string[] | undefined
  /** Ids of keys. */
  readonly keys?: readonly string[] | undefined
  readonly applications?: readonly string[] | undefined
  readonly teams?: readonly string[] | undefined
  readonly people?: readonly string[] | undefined
  readonly purposes?: readonly string[] | undefined
}

/**
 * What a destination must be to see the request: all that is given. What is not known of a destination is not met.
 * Jurisdictions, retention, training and certifications are asked of destinations outside our own zones alone.
 */
export interface Requirement {
  readonly zones?: readonly Zone[] | undefined
  /** ISO 3166-1 countries. */
  readonly jurisdictions?: readonly string[] | undefined
  /** Ids, which may end in `*`. */
  readonly destinations?: readonly string[] | undefined
  /** Names of models, which may end in `*`. */
  readonly models?: readonly string[] | undefined
  /** SPDX identifiers or ids of the company's own. */
  readonly licences?: readonly string[] | undefined
  /** At least this level, 1 (closed) to 6 (everything open). */
  readonly openness?: number | undefined
  /** Content is kept for so many days at most; 0: not at all. */
  readonly retentionDays?: number | undefined
  /** False: content is not used to train. */
  readonly training?: false | undefined
  /** All of them. */
  readonly certifications?: readonly string[] | undefined
  /** Only weights that somebody answers for; approved ones are verified too. */
  readonly weights?: 'verified' | 'approved' | undefined
  /** The engine has nothing above this CVSS base score, 0 to 10. */
  readonly maxCvss?: number | undefined
  /** Milliseconds to the first byte of an answer, as measured of late; a place where nothing was measured yet is met. */
  readonly startWithinMs?: number | undefined
}

/** The destinations a rule refuses: those of which all that is given is true. */
export type Denial = Pick<
  Requirement,
  'zones' | 'jurisdictions' | 'destinations' | 'models' | 'licences'
>

/** What is masked before a text goes to some zones; at least one type or category. */
export interface RuleMask {
  /** Types of findings, which may end in `*`. */
  readonly types?: readonly string[] | undefined
  readonly categories?: readonly Category[] | undefined
  /** Managed platforms and proprietary APIs when absent. */
  readonly zones?: readonly Zone[] | undefined
  /** Placeholder when absent. */
  readonly style?: MaskStyle | undefined
  /** Tools whose arguments get the values back, none when absent; names may end in `*`. */
  readonly tools?: readonly string[] | undefined
}

/** What is done about what answers hold. */
export type RuleAnswers = Readonly<Partial<Record<AnswerKind, AnswerAction | undefined>>> & {
  /** Hosts that links may lead to; `*.name` for all below it. */
  readonly hosts?: readonly string[] | undefined
}

/** A second opinion on answers; what is absent is as strict as can be. */
export interface RuleOpinion {
  readonly model: string
  readonly style?: OpinionStyle | undefined
  readonly prompt?: string | undefined
  readonly onNo?: OpinionAction | undefined
  readonly onError?: NoOpinionAction | undefined
  readonly withinMs?: Milliseconds | undefined
}

/** A sentence is given in one language or in both; ours stands for the other. */
export type RuleDisclosure =
  | 'header'
  | 'text'
  | Readonly<Partial<Record<Language, string | undefined>>>

/**
 * A rule speaks of some requests and says where they may go and what is done on the way; a request must satisfy every rule that
 * speaks of it.
 */
export interface PolicyRule {
  readonly id: string
  readonly match: RuleMatch
  /** A condition in CEL, asked once the rest matched. */
  readonly when?: string | undefined
  readonly allow?: Requirement | undefined
  readonly deny?: Denial | undefined
  readonly mask?: RuleMask | undefined
  /** What is done about what is found in answers; a kind that is absent passes. */
  readonly answers?: RuleAnswers | undefined
  readonly duties?: readonly DutyName[] | undefined
  /** Another model that judges answers before they are shown. */
  readonly opinion?: RuleOpinion | undefined
  /** How an answer says that a machine wrote it: in a header, in a sentence of ours, or in one of the company's. */
  readonly disclose?: RuleDisclosure | undefined
}

/** By what the allowed are ordered. */
export const PREFERENCES = [
  'cost',
  'speed',
  'openness',
  'home',
  'quality',
  'energy',
  /** Time to the first byte, as measured of late. */
  'first-token',
  /** Tokens per second, as measured of late; as the configuration says where nothing was. */
  'throughput',
  /** The same key goes to the same place, where its prompts are cached. */
  'sticky',
] as const
export type Preference = (typeof PREFERENCES)[number]

/** In order, the first that differs deciding; or weighed against each other, all at once. */
export type Prefer =
  | readonly Preference[]
  | Readonly<Partial<Record<Preference, number | undefined>>>

/** Cheapest first, then fastest. */
export const DEFAULT_PREFERENCES: readonly Preference[] = ['cost', 'speed']
