import { CLASSES, type Category, type DataClass, type Label } from '#kernel/label.ts'
import type { AnswerAction, AnswerKind } from '#kernel/duties.ts'
import type { Caller } from '#kernel/exchange.ts'
import type { Destination, Zone } from '#kernel/destination.ts'
import type { PolicyRule } from '#policy/rule.ts'
import type { Organisation } from './organisation.ts'

// What may go where, as docs/policy.md says it, written without a line of what decides it in the product.

const rank = (of: DataClass): number => CLASSES.indexOf(of)

/** A request as the oracle knows it. */
export interface Told {
  readonly caller: Caller
  readonly surface: string
  readonly zones: readonly Zone[] | undefined
  readonly label: Label
}

/** Whether a label says at least what was planted. */
export const covers = (
  label: Label,
  planted: DataClass,
  categories: readonly Category[],
): boolean =>
  label.undetermined ||
  (rank(label.class) >= rank(planted) && categories.every((one) => label.categories.includes(one)))

/** Whether some model of a destination may see a request. */
export function mayReach(
  { policy }: Organisation,
  destination: Destination,
  upstream: string | null,
  told: Told,
): boolean {
  const { label, caller, zones } = told
  const ofClass = rank(label.class)
  if (destination.state !== 'enabled' && !(destination.state === 'discovered' && ofClass === 0)) {
    // a vendor that is only listed may be asked for by its own name
    return false
  }
  if (ofClass > rank(destination.clearance)) return false
  if (destination.withheld?.some((one) => label.categories.includes(one))) return false
  const { maxClass, zones: keyZones } = caller.restrictions
  if (maxClass !== null && ofClass > rank(maxClass)) return false
  const speaking = policy.rules.filter((rule) => speaks(rule, told))
  return destination.models.some((model) => {
    if (upstream !== null && model.upstream !== upstream) return false
    const zone = model.zone ?? destination.zone
    if (zones && !zones.includes(zone)) return false
    if (keyZones && !keyZones.includes(zone)) return false
    const isNamed = speaking.some(
      ({ match, allow }) => match.classes && (allow?.zones ?? allow?.destinations),
    )
    if (!isNamed && zone !== 'device') return false
    return speaking.every((rule) => obeyed(rule, destination, zone))
  })
}

/** Categories that rules have masked for a zone. */
export const maskedFor = (
  { policy }: Organisation,
  told: Told,
  zone: Zone,
): ReadonlySet<Category> =>
  new Set(
    policy.rules
      .filter((rule) => rule.mask?.zones?.includes(zone) === true && speaks(rule, told))
      .flatMap(({ mask }) => [...(mask?.categories ?? [])]),
  )

/** Duties that rules put on a request. */
export const dutiesOf = ({ policy }: Organisation, told: Told): ReadonlySet<string> =>
  new Set(
    policy.rules
      .filter((rule) => speaks(rule, told))
      .flatMap(({ duties, opinion }) => [
        ...(duties ?? []),
        ...(opinion ? ['second-opinion'] : []),
      ]),
  )

/** What must be done about a kind of thing in answers: the strictest of what rules say; null: nothing. */
export function answerActionOf(
  { policy }: Pick<Organisation, 'policy'>,
  told: Told,
  kind: AnswerKind,
): AnswerAction | null {
  const order = ['mask', 'cut', 'review', 'refuse'] as const
  const asked = policy.rules
    .filter((rule) => speaks(rule, told))
    .map(({ answers }) => order.indexOf(answers?.[kind] as (typeof order)[number]))
  return order[Math.max(-1, ...asked)] ?? null
}

function speaks({ match }: PolicyRule, { label, caller, surface }: Told): boolean {
  if (match.classes && !match.classes.includes(label.class)) return false
  if (match.categories && !match.categories.some((one) => label.categories.includes(one)))
    return false
  if (match.teams && (caller.team === null || !match.teams.includes(caller.team))) return false
  return !match.surfaces || match.surfaces.includes(surface)
}

function obeyed(
  { allow, deny }: PolicyRule,
  { id, jurisdiction }: Destination,
  zone: Zone,
): boolean {
  const isOwn = zone === 'device' || zone === 'on-prem'
  if (allow?.zones && !allow.zones.includes(zone)) return false
  if (allow?.destinations && !allow.destinations.includes(id)) return false
  if (allow?.jurisdictions && !isOwn && !allow.jurisdictions.includes(jurisdiction)) return false
  if (!deny) return true
  return deny.zones !== undefined && !deny.zones.includes(zone)
}
