import { editedTable } from '#classify/class-edits.ts'
import { DEFAULT_CLASSES } from '#classify/data/classes.ts'
import { DETECTORS } from '#classify/detectors/list.ts'
import type { OwnPart } from '#models/stack/stack.ts'
import type { PoliciesInForce } from '#policy/in-force.ts'
import type { Config } from '#config/types.ts'

const OURS = 'Apache-2.0'

export interface OwnPartsOf {
  readonly config: Config
  readonly version: string
  /** Of the database program; null: it does not say. */
  readonly database: string | null
  readonly policies: PoliciesInForce
}

/** What Écluse itself is in the stack, what it keeps things in, and the models that guard others. */
export function ownParts({ config, version, database, policies }: OwnPartsOf): readonly OwnPart[] {
  const own = (
    layer: OwnPart['layer'],
    id: string,
    name: string,
    kind: string,
    detail?: string,
  ): OwnPart => ({
    layer,
    id,
    name,
    kind,
    version,
    licence: OURS,
    ...(detail === undefined ? {} : { detail }),
  })
  return [
    storePart(config, database),
    own('data', 'ledger', 'Écluse ledger', 'store'),
    own('api', 'gateway', 'Écluse gateway', 'gateway'),
    own('tools', 'classifier', 'Écluse classifier', 'guard', classifierDetail(config)),
    own('tools', 'masking', 'Écluse masking', 'guard'),
    own('tools', 'answer-scanner', 'Écluse answer scanner', 'guard'),
    ...judgeParts(policies),
    own('experience', 'page', 'Écluse page', 'interface'),
  ]
}

const storePart = ({ database }: Config, version: string | null): OwnPart => {
  const [name, licence] =
    database === null ? (['SQLite', 'blessing'] as const) : (['PostgreSQL', 'PostgreSQL'] as const)
  return { layer: 'data', id: 'store', name, kind: 'store', version, licence }
}

/** The table of classes has a version of its own, and another one where the company edited it. */
const classifierDetail = ({ classes }: Config): string => {
  const table = classes === null ? DEFAULT_CLASSES : editedTable(classes)
  return `${DETECTORS.length} detectors, class table ${table.version}`
}

/** Models that judge the answers of others, by the rules that are in force, put on trial or asked beside. */
function judgeParts({ policy, staged, shadow }: PoliciesInForce): readonly OwnPart[] {
  const rules = [policy, staged?.policy, shadow].flatMap((one) => one?.rules ?? [])
  const of = new Map<string, Set<string>>()
  for (const { id, opinion } of rules)
    if (opinion) of.set(opinion.model, (of.get(opinion.model) ?? new Set()).add(id))
  return [...of].map(([model, ids]) => ({
    layer: 'tools',
    id: `judge:${model}`,
    name: model,
    kind: 'guard',
    version: null,
    licence: null,
    detail: `second opinion, rules ${[...ids].toSorted().join(' ')}`,
    model,
  }))
}
