import { isOwnZone, zoneOf, type ServedModel } from '#kernel/destination.ts'
import { classRank } from '#kernel/label.ts'
import type { Facts, Health } from '#kernel/verdict.ts'
import { readCondition, variablesOf } from './condition.ts'
import type { Catalogue, Policy } from './document.ts'
import type { PolicyRule } from './rule.ts'

/** What `decide` promises, written out the long way: the ids of `destination/model` that may see a request, sorted. */
export function slowlyAllowed(
  facts: Facts,
  policy: Policy,
  catalogue: Catalogue,
  health: Health,
): string[] {
  const speaking = policy.rules.filter((rule) => speaks(rule, facts))
  const isMentioned = speaking.some(
    ({ match, allow }) => match.classes && (allow?.zones ?? allow?.destinations),
  )
  const allowed: string[] = []
  for (const destination of catalogue.destinations) {
    for (const model of destination.models) {
      const zone = zoneOf(destination, model)
      const isHome = isOwnZone(zone)
      const names = [model.name, ...(model.aliases ?? [])]
      const isMeant =
        facts.requestedModel === 'auto'
          ? (model.task ?? facts.task) === facts.task
          : names.some((name) => [name, `${destination.id}/${name}`].includes(facts.requestedModel))
      const isOpen =
        destination.state === 'enabled' ||
        (destination.state === 'discovered' && facts.label.class === 'public')
      const isCleared =
        classRank(facts.label.class) <= classRank(destination.clearance) &&
        !facts.label.categories.some((one) => destination.withheld?.includes(one))
      const isReady =
        (health[destination.id] ?? 'ready') === 'ready' &&
        (health[`${destination.id}/${model.name}`] ?? 'ready') === 'ready'
      const obeys = speaking.every(({ allow, deny }) => {
        const terms = destination.terms ?? {}
        const met =
          !allow ||
          ((!allow.zones || allow.zones.includes(zone)) &&
            (!allow.jurisdictions ||
              isHome ||
              allow.jurisdictions.includes(destination.jurisdiction)) &&
            (!allow.destinations || named(destination.id, allow.destinations)) &&
            (!allow.models || named(model.name, allow.models)) &&
            (!allow.licences || allow.licences.includes(model.licence ?? '')) &&
            [undefined, model.weights, vouched(model)].includes(allow.weights) &&
            (allow.maxCvss === undefined ||
              (model.cvss !== undefined && model.cvss <= allow.maxCvss)) &&
            (allow.openness === undefined || (model.openness ?? 0) >= allow.openness) &&
            (allow.retentionDays === undefined ||
              isHome ||
              (terms.retentionDays !== undefined && terms.retentionDays <= allow.retentionDays)) &&
            (allow.training === undefined || isHome || terms.training === false) &&
            (!allow.certifications ||
              isHome ||
              allow.certifications.every((one) => (terms.certifications ?? []).includes(one))))
        const isRefused =
          deny !== undefined &&
          (!deny.zones || deny.zones.includes(zone)) &&
          (!deny.jurisdictions || deny.jurisdictions.includes(destination.jurisdiction)) &&
          (!deny.destinations || named(destination.id, deny.destinations)) &&
          (!deny.models || named(model.name, deny.models)) &&
          (!deny.licences || model.licence === undefined || deny.licences.includes(model.licence))
        return met && !isRefused
      })
      const seenMs = facts.measured?.[`${destination.id}/${model.name}`]?.firstByteMs ?? 0
      const needs = speaking.map(({ allow }) => allow?.startWithinMs ?? Infinity)
      const isSoon = seenMs <= Math.min(facts.maxLatencyMs ?? Infinity, ...needs)
      const isAsked = !facts.zones || facts.zones.includes(zone)
      const isOutsideAllowed = isMentioned || zone === 'device'
      if (
        isSoon &&
        isMeant &&
        isOpen &&
        isCleared &&
        isReady &&
        obeys &&
        isAsked &&
        isOutsideAllowed
      )
        allowed.push(`${destination.id}/${model.name}`)
    }
  }
  return allowed.toSorted()
}

const named = (name: string, patterns: readonly string[]): boolean =>
  patterns.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : name === one))

function speaks({ match, when }: PolicyRule, facts: Facts): boolean {
  const { caller = { key: '' } } = facts
  const fields: readonly (readonly [readonly string[] | undefined, string | undefined])[] = [
    [match.classes, facts.label.class],
    [match.models, facts.requestedModel],
    [match.tasks, facts.task],
    [match.surfaces, facts.surface],
    [match.keys, caller.key],
    [match.applications, caller.application],
    [match.teams, caller.team],
    [match.people, caller.person],
    [match.purposes, caller.purpose],
  ]
  for (const [names, value] of fields)
    if (names && (value === undefined || !named(value, names))) return false
  if (match.categories && !match.categories.some((one) => facts.label.categories.includes(one)))
    return false
  if (when === undefined) return true
  const condition = readCondition(when)
  return condition.ok && condition.value(variablesOf(facts))
}

/** Approved weights are verified too. */
const vouched = ({ weights }: ServedModel): 'verified' | undefined =>
  weights === 'approved' ? 'verified' : undefined
