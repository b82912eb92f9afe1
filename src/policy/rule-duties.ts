import { canonicalJson } from '#kernel/canonical-json.ts'
import {
  ANSWER_KINDS,
  NO_ANSWER_DUTIES,
  NO_ANSWER_TERMS,
  NO_DUTIES,
  stricterAction,
  type AnswerAction,
  type AnswerDuties,
  type AnswerTerms,
  type AnswerKind,
  type Duties,
  type DutyName,
  type MaskDuty,
} from '#kernel/duties.ts'
import type { PolicyRule, RuleMask } from './rule.ts'

/** The duties of the rules that speak of a request, by their positions in the policy. */
export type FindDuties = (speaking: readonly number[]) => Duties

/** How many combinations of rules are remembered; a policy has a handful. */
const REMEMBERED = 1024

/** The duties of a policy. What several rules ask together is put together once. */
export function dutiesByRule(rules: readonly PolicyRule[]): FindDuties {
  const asks = rules.map(({ mask, answers, duties }) => mask ?? answers ?? duties)
  if (asks.every((one) => one === undefined)) return () => NO_DUTIES
  const known = new Map<string, Duties>()
  return (speaking) => {
    const asking = speaking.filter((place) => asks[place] !== undefined)
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
    disclose: has('disclose'),
    review: has('review'),
    secondOpinion: has('second-opinion'),
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

const maskDuty = ({ types, categories, zones, style, tools }: RuleMask): MaskDuty =>
  Object.freeze({
    types: [...new Set(types)].toSorted(),
    categories: [...new Set(categories)].toSorted(),
    zones: [...new Set(zones ?? (['managed', 'api'] as const))].toSorted(),
    style: style ?? 'placeholder',
    tools: [...new Set(tools)].toSorted(),
  })
