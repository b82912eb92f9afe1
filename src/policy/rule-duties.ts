import { canonicalJson } from '#kernel/canonical-json.ts'
import {
  ANSWER_KINDS,
  NO_ANSWER_DUTIES,
  NO_ANSWER_TERMS,
  NO_DUTIES,
  NO_OPINION_ACTIONS,
  OPINION_ACTIONS,
  stricterAction,
  stricterOf,
  type AnswerAction,
  type AnswerDuties,
  type AnswerTerms,
  type AnswerKind,
  type Duties,
  type DutyName,
  type MaskDuty,
  type Notice,
  type OpinionDuty,
} from '#kernel/duties.ts'
import type { Milliseconds } from '#kernel/units.ts'
import type { PolicyRule, RuleMask } from './rule.ts'

/** The duties of the rules that speak of a request, by their positions in the policy. */
export type FindDuties = (speaking: readonly number[]) => Duties

/** How many combinations of rules are remembered; a policy has a handful. */
const REMEMBERED = 1024

/** Whether a rule has something done on the way. */
export const asksOnTheWay = ({ mask, answers, duties, opinion, disclose }: PolicyRule): boolean =>
  [mask, answers, duties, opinion, disclose].some((one) => one !== undefined)

/** The duties of a policy. What several rules ask together is put together once. */
export function dutiesByRule(rules: readonly PolicyRule[]): FindDuties {
  const asks = rules.map(asksOnTheWay)
  if (asks.every((one) => !one)) return () => NO_DUTIES
  const known = new Map<string, Duties>()
  return (speaking) => {
    const asking = speaking.filter((place) => asks[place])
    if (asking.length === 0) return NO_DUTIES
    const key = asking.join()
    const remembered = known.get(key)
    if (remembered) return remembered
    const duties = dutiesOf(rules.filter((_, place) => asking.includes(place)))
    if (known.size < REMEMBERED) known.set(key, duties)
    return duties
  }
}

/** What rules ask together: the union of masks and names, the strictest for answers. Their order does not matter. */
export function dutiesOf(rules: readonly PolicyRule[]): Duties {
  const has = (name: DutyName): boolean => rules.some(({ duties }) => duties?.includes(name))
  const masks = new Map<string, MaskDuty>()
  for (const { mask } of rules) {
    if (!mask) continue
    const duty = maskDuty(mask)
    masks.set(canonicalJson({ ...duty }), duty)
  }
  return Object.freeze({
    mask: Object.freeze([...masks.keys()].toSorted().flatMap((key) => masks.get(key) ?? [])),
    answers: answersOf(rules),
    answerTerms: answerTermsOf(rules),
    noStore: has('no-store'),
    noCache: has('no-cache'),
    disclose: has('disclose') || rules.some(({ disclose }) => disclose !== undefined),
    review: has('review'),
    notices: noticesOf(rules),
    opinions: opinionsOf(rules),
  })
}

function answersOf(rules: readonly PolicyRule[]): AnswerDuties {
  if (rules.every(({ answers }) => answers === undefined)) return NO_ANSWER_DUTIES
  const strictest: Record<AnswerKind, AnswerAction> = { ...NO_ANSWER_DUTIES }
  for (const { answers } of rules) {
    for (const kind of ANSWER_KINDS)
      strictest[kind] = stricterAction(strictest[kind], answers?.[kind] ?? 'pass')
  }
  return Object.freeze(strictest)
}

/** Hosts that every list has, and who asks for what is done. */
function answerTermsOf(rules: readonly PolicyRule[]): AnswerTerms {
  const asking = rules.filter(({ answers, duties }) => answers ?? duties?.includes('review'))
  if (asking.length === 0) return NO_ANSWER_TERMS
  const lists = new Map(
    asking.flatMap(({ answers }) => {
      const list = answers?.hosts && [...new Set(answers.hosts)].toSorted()
      return list ? [[JSON.stringify(list), list] as const] : []
    }),
  )
  const strictest = answersOf(rules)
  const askedBy: Partial<Record<AnswerKind | 'review', string>> = {}
  for (const { id, answers, duties } of asking.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    for (const kind of ANSWER_KINDS)
      if ((answers?.[kind] ?? 'pass') === strictest[kind]) askedBy[kind] ??= id
    if (duties?.includes('review')) askedBy.review ??= id
  }
  const hosts = [...lists.keys()].toSorted().flatMap((key) => [lists.get(key) ?? []])
  return Object.freeze({ hosts: Object.freeze(hosts), askedBy: Object.freeze(askedBy) })
}

/** One model is asked one thing once, and the strictest of what is done about its word counts. */
function opinionsOf(rules: readonly PolicyRule[]): readonly OpinionDuty[] {
  const known = new Map<string, OpinionDuty>()
  const sorted = rules.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  // where no rule names a judge there is none, and so no opinion: nothing is shown
  const isNamed = rules.some(({ opinion }) => opinion !== undefined)
  for (const { id: rule, opinion: own, duties } of sorted) {
    const isAsked = !isNamed && duties?.includes('second-opinion') === true
    const opinion = own ?? (isAsked ? { model: 'none' } : null)
    if (!opinion) continue
    const { model, style = 'words', prompt = null } = opinion
    const { onNo = 'refuse', onError = 'refuse', withinMs = OPINION_WITHIN_MS } = opinion
    const key = canonicalJson([model, style, prompt])
    const other = known.get(key)
    known.set(
      key,
      Object.freeze({
        model,
        style,
        prompt,
        onNo: other ? stricterOf(OPINION_ACTIONS, other.onNo, onNo) : onNo,
        onError: other ? stricterOf(NO_OPINION_ACTIONS, other.onError, onError) : onError,
        withinMs: Math.min(other?.withinMs ?? withinMs, withinMs),
        rule: other?.rule ?? rule,
      }),
    )
  }
  return Object.freeze([...known.keys()].toSorted().flatMap((key) => known.get(key) ?? []))
}

function noticesOf(rules: readonly PolicyRule[]): readonly Notice[] {
  const known = new Map<string, Notice>()
  for (const { disclose } of rules) {
    if (disclose === undefined || disclose === 'header') continue
    const own = disclose === 'text' ? {} : disclose
    const notice = { en: own.en ?? WRITTEN_BY_AI.en, fr: own.fr ?? WRITTEN_BY_AI.fr }
    known.set(canonicalJson(notice), Object.freeze(notice))
  }
  return Object.freeze([...known.keys()].toSorted().flatMap((key) => known.get(key) ?? []))
}

/** How long another model may think about an answer. */
const OPINION_WITHIN_MS: Milliseconds = 30_000

/** What an answer says of itself; regulation (EU) 2024/1689, article 50. */
export const WRITTEN_BY_AI: Notice = {
  en: 'This answer was written by an AI system.',
  fr: "Cette réponse a été rédigée par un système d'intelligence artificielle.",
}

const maskDuty = ({ types, categories, zones, style, tools }: RuleMask): MaskDuty =>
  Object.freeze({
    types: [...new Set(types)].toSorted(),
    categories: [...new Set(categories)].toSorted(),
    zones: [...new Set(zones ?? (['managed', 'api'] as const))].toSorted(),
    style: style ?? 'placeholder',
    tools: [...new Set(tools)].toSorted(),
  })
