import type { Config } from '#config/types.ts'
import { CATEGORIES, CLASSES, type Label } from '#kernel/label.ts'
import type { Facts, FactsOfCaller } from '#kernel/verdict.ts'
import { changeBetween, type Change } from '#policy/compare.ts'
import type { Policy } from '#policy/document.ts'
import type { Gate } from '#policy/gate.ts'
import type { RuleMatch } from '#policy/rule.ts'
import type { Context, ExitCode } from '../command.ts'

/** One kind of request that would be decided otherwise. */
interface Difference {
  readonly class: string
  readonly category: string | null
  readonly caller: string | null
  readonly model: string
  readonly change: Change
  /** Destinations it could reach, and could not any more. */
  readonly lost: readonly string[]
  readonly gained: readonly string[]
}

/** What another file would change, for every kind of request that the rules of either speak of. */
export async function diffPolicies(
  file: string,
  config: Config,
  context: Context,
): Promise<ExitCode> {
  const { terminal } = context
  const other = await context.configOf(file)
  if (!other) return 2
  const [before, after] = [
    await context.offline(config),
    await context.offline({ ...other, policySource: 'file' }),
  ]
  const differences = differencesBetween(before.gate, after.gate)
  const versions = { before: before.gate.policy().version, after: after.gate.policy().version }
  if (terminal.json) {
    terminal.out(JSON.stringify({ ...versions, differences }))
    return differences.length === 0 ? 0 : 1
  }
  terminal.out(`${versions.before} -> ${versions.after}`)
  for (const one of differences) {
    const what = [one.class, one.category, one.caller, one.model === 'auto' ? null : one.model]
    terminal.out(`  ${what.filter((word) => word !== null).join(', ')}`)
    for (const id of one.lost) terminal.out(`    ${terminal.paint('red', '-')} ${id}`)
    for (const id of one.gained) terminal.out(`    ${terminal.paint('green', '+')} ${id}`)
  }
  if (differences.length === 0)
    terminal.out(terminal.say({ en: 'Nothing would change.', fr: 'Rien ne changerait.' }))
  return differences.length === 0 ? 0 : 1
}

function differencesBetween(before: Gate, after: Gate): readonly Difference[] {
  const policies = [before.policy(), after.policy()]
  const differences: Difference[] = []
  for (const facts of kindsOfRequests(policies)) {
    const [was, is] = [before.decide(facts, {}), after.decide(facts, {})]
    const [had, has] = [was, is].map(
      (verdict) =>
        new Set(verdict.allowed.map(({ destination, model }) => `${destination.id}/${model.name}`)),
    )
    if (!had || !has) continue
    const lost = [...had].filter((id) => !has.has(id))
    const gained = [...has].filter((id) => !had.has(id))
    if (lost.length + gained.length === 0) continue
    const { label, caller, requestedModel: model } = facts
    differences.push({
      class: label.class,
      category: label.categories[0] ?? null,
      caller: callerText(caller),
      model,
      change: changeBetween(was, is),
      lost,
      gained,
    })
  }
  return differences
}

function callerText(caller: FactsOfCaller | undefined): string | null {
  const named = Object.entries(caller ?? {}).filter(([, id]) => id !== '')
  return named.length === 0 ? null : named.map(([kind, id]) => `${kind} ${id}`).join(' ')
}

/** Each class, alone and with each category and each caller that some rule names. */
function* kindsOfRequests(policies: readonly Policy[]): Generator<Facts> {
  const named = (field: keyof RuleMatch): readonly string[] => [
    ...new Set(policies.flatMap(({ rules }) => rules.flatMap(({ match }) => match[field] ?? []))),
  ]
  const categories = CATEGORIES.filter((one) => named('categories').includes(one))
  const models = ['auto', ...named('models').filter((one) => one !== 'auto' && !one.endsWith('*'))]
  const callers: FactsOfCaller[] = [
    { key: '' },
    ...named('teams').map((team) => ({ key: '', team: whole(team) })),
    ...named('applications').map((application) => ({ key: '', application: whole(application) })),
    ...named('purposes').map((purpose) => ({ key: '', purpose: whole(purpose) })),
    ...named('people').map((person) => ({ key: '', person: whole(person) })),
    ...named('keys').map((key) => ({ key: whole(key) })),
  ]
  for (const dataClass of CLASSES) {
    for (const category of [null, ...categories]) {
      const label: Label = {
        class: dataClass,
        categories: category === null ? [] : [category],
        undetermined: false,
      }
      for (const caller of callers) {
        for (const requestedModel of models)
          yield {
            tenant: '',
            label,
            requestedModel,
            task: 'chat',
            surface: 'openai-chat',
            caller,
            inputTokensEstimate: 100,
          }
      }
    }
  }
}

/** A name that a pattern ending in `*` speaks of. */
const whole = (pattern: string): string => (pattern.endsWith('*') ? pattern.slice(0, -1) : pattern)
