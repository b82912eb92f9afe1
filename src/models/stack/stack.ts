import { zoneOf, type Destination, type ServedModel, type Zone } from '#kernel/destination.ts'
import { findFamily } from '../catalogue/find-family.ts'
import type { Family } from '../catalogue/family.ts'
import { catalogueRow } from '../openness-index/catalogue-row.ts'
import { NOTHING_IMPORTED, type ImportedIndexes } from '../openness-index/index-file.ts'
import { dataSetId, type DataSet } from '../data-sets/data-set.ts'
import { dataSetsOf } from '../data-sets/data-sets-of.ts'
import { viewsNamed } from '../openness-index/index-view.ts'
import type { EngineView, VersionSource } from '../vulnerabilities/view.ts'
import { lagOf, type Lag } from '../vulnerabilities/lag.ts'
import { productOf } from '../vulnerabilities/products.ts'
import { componentWeights, type ComponentWeights, type WeightsKnown } from './weights.ts'

/** The layers that AI in a company is made of, from the ground up. */
export const STACK_LAYERS = [
  'data',
  'models',
  'hosting',
  'modifications',
  'api',
  'tools',
  'experience',
] as const
export type StackLayer = (typeof STACK_LAYERS)[number]

/** How open a component is, and why. */
export interface ComponentOpenness {
  /** 1 (no access) to 6 (everything open); null for a program, which its licence speaks for. */
  readonly level: number | null
  /** `4·N`. */
  readonly text: string | null
  /** What keeps it from the next level, or what the figure rests on; stable words. */
  readonly reasons: readonly string[]
  /** catalogue: graded from evidence. configured: somebody wrote it down. licence: by that alone. unknown: nobody knows. */
  readonly basis: 'catalogue' | 'configured' | 'licence' | 'unknown'
}

/** One thing that runs, or is used. */
export interface StackComponent {
  readonly layer: StackLayer
  readonly id: string
  readonly name: string
  /** `model`, `engine`, `vendor`, `adapter`, `store`, `dataset`, `guard`, `gateway`, `interface`. */
  readonly kind: string
  /** What else is to be said of it, in stable words and names; null: nothing. */
  readonly detail: string | null
  /** Destination that it belongs to; null for what is Écluse's own. */
  readonly destination: string | null
  readonly zone: Zone | null
  readonly state: string
  /** Of a model: id of its row in the catalogue. */
  readonly family: string | null
  readonly version: string | null
  readonly versionFrom: VersionSource
  /** Null: no releases are known to compare with. */
  readonly lag: Lag | null
  readonly licence: string | null
  readonly openness: ComponentOpenness
  /** Of a model that runs here, or of which somebody says which weights it is; null for everything else. */
  readonly weights: ComponentWeights | null
  /** Null: nobody looked. */
  readonly cvss: number | null
  /** Rules of the policy that it exceeds. */
  readonly exceeds: readonly string[]
}

/** Écluse's own parts, as whoever wires them knows them. */
export interface OwnPart {
  readonly layer: StackLayer
  readonly id: string
  readonly name: string
  readonly kind: string
  readonly version: string | null
  readonly licence: string | null
  readonly detail?: string
  /** Name of the model that it is, where it is one: of a guard that asks another model. */
  readonly model?: string
}

export interface StackParts {
  readonly destinations: readonly Destination[]
  readonly engines: readonly EngineView[]
  readonly own: readonly OwnPart[]
  /** Absent: nothing is known of admissions, and nothing is asked. */
  readonly weights?: WeightsKnown
  /** Data sets that the company registered. */
  readonly dataSets?: readonly DataSet[]
  /** What was imported of public indexes of openness; absent: nothing, and those shipped count alone. */
  readonly indexes?: ImportedIndexes
}

const NOTHING_KNOWN: WeightsKnown = { admission: () => null, notFor: () => [] }

/** Every component in its layer, in the order of the layers. */
export function stackOf({
  destinations,
  engines,
  own,
  weights = NOTHING_KNOWN,
  indexes = NOTHING_IMPORTED,
  dataSets = [],
}: StackParts): readonly StackComponent[] {
  const engineOf = new Map(engines.map((engine) => [engine.destination, engine]))
  const all = [
    ...destinations.flatMap((destination) => [
      ...destination.models.map((model) => modelComponent(destination, model, weights, indexes)),
      hostComponent(destination, engineOf.get(destination.id)),
      ...adapterComponents(destination, engineOf.get(destination.id), dataSets),
    ]),
    ...own.map((part) => ownComponent(part, destinations, indexes)),
    ...dataSets.map(dataSetComponent),
  ]
  return all.toSorted(
    (left, right) => STACK_LAYERS.indexOf(left.layer) - STACK_LAYERS.indexOf(right.layer),
  )
}

const OWN_ZONES: readonly Zone[] = ['device', 'on-prem']

function modelComponent(
  destination: Destination,
  model: ServedModel,
  known: WeightsKnown,
  indexes: ImportedIndexes,
): StackComponent {
  const zone = zoneOf(destination, model)
  const family = findFamily(model.upstream) ?? findFamily(model.name)
  return {
    layer: 'models',
    id: `${destination.id}/${model.name}`,
    name: model.name,
    kind: 'model',
    detail: null,
    destination: destination.id,
    zone,
    state: destination.state,
    family: family?.id ?? null,
    version: null,
    versionFrom: 'unknown',
    lag: null,
    licence: model.licence ?? licenceOf(family),
    openness: opennessOf(model, family, indexes),
    weights: componentWeights(model, zone, known),
    cvss: model.cvss ?? null,
    exceeds: [],
  }
}

/** Its SPDX identifier; its own name where SPDX only refers to it. */
function licenceOf(family: Family | null): string | null {
  const { spdx = null, id = null } = family?.licence ?? {}
  return spdx === null || spdx.startsWith('LicenseRef-') ? (id ?? spdx) : spdx
}

function opennessOf(
  { openness, upstream }: ServedModel,
  family: Family | null,
  indexes: ImportedIndexes,
): ComponentOpenness {
  if (family !== null) {
    const { grade, disagreements } = catalogueRow(family, indexes)
    const reasons = grade.blockedBy.map((one) => `${one}-not-open`)
    // what the company wrote down is its own judgement, and shown beside ours where it differs
    const differs =
      openness !== undefined && openness !== grade.level ? [`configured-${openness}`] : []
    const others = disagreements.map((one) => `${one.index}-${one.component}-${one.theirs}`)
    const { level, text } = grade
    return { level, text, reasons: [...reasons, ...differs, ...others], basis: 'catalogue' }
  }
  // what an index says of a model that is in no catalogue is a lead, not a grade
  const rows = viewsNamed(upstream, indexes).map(({ row }) => row.id)
  const listed = [...new Set(rows.map((id) => `listed-${id.slice(0, id.indexOf(':'))}`))]
  if (openness === undefined)
    return {
      level: null,
      text: null,
      reasons: ['not-in-catalogue', ...listed],
      basis: 'unknown',
    }
  return { level: openness, text: String(openness), reasons: listed, basis: 'configured' }
}

/** The engine of a destination of our own, or the operator of one that is not. */
function hostComponent(destination: Destination, engine: EngineView | undefined): StackComponent {
  const { id, zone, state } = destination
  const product = engine?.product ? productOf(engine.product) : null
  const isOurs = OWN_ZONES.includes(zone)
  const licence = product?.licence ?? null
  return {
    // a gateway of somebody else's is one more layer of access, not what computes
    layer:
      product?.role === 'gateway'
        ? 'api'
        : product?.role === 'interface'
          ? 'experience'
          : 'hosting',
    id,
    name: product?.name ?? (isOurs ? id : `${id} (${destination.jurisdiction})`),
    kind: isOurs ? (product?.role ?? 'engine') : 'vendor',
    detail: null,
    destination: id,
    zone,
    state,
    family: null,
    version: engine?.version ?? null,
    versionFrom: engine?.versionFrom ?? 'unknown',
    lag: product === null ? null : lagOf(product, engine?.version ?? null),
    licence,
    openness: isOurs
      ? byLicence(licence)
      : { level: 2, text: '2', reasons: ['service-of-others'], basis: 'configured' },
    weights: null,
    cvss: engine?.cvss ?? engine?.configured ?? null,
    exceeds: engine?.exceeds ?? [],
  }
}

/** Whatever an engine has loaded beside its models: it inherits their licence, and what it was tuned on is unknown. */
function adapterComponents(
  destination: Destination,
  engine: EngineView | undefined,
  dataSets: readonly DataSet[],
): readonly StackComponent[] {
  const { id, zone, state, models } = destination
  const isTuned = (...names: readonly string[]): boolean =>
    dataSetsOf(dataSets, { names, digests: [] }).some(({ use }) => use !== 'evaluation')
  return (engine?.adapters ?? []).map(({ name, base }) => {
    const [only, ...others] = models
    const changed =
      models.find((model) => model.upstream === base || model.name === base) ??
      (base === null && others.length === 0 ? only : undefined)
    const family = findFamily(changed?.upstream ?? base ?? '')
    return {
      layer: 'modifications',
      // it may be served as a model of its own name as well
      id: `${id}/adapter/${name}`,
      name,
      kind: 'adapter',
      detail: `base ${changed?.name ?? base ?? 'unknown'}`,
      destination: id,
      zone,
      state,
      family: family?.id ?? null,
      version: null,
      versionFrom: 'unknown',
      lag: null,
      licence: changed?.licence ?? licenceOf(family),
      openness: {
        level: null,
        text: null,
        reasons: [
          isTuned(`${id}/adapter/${name}`, name) ? 'own-data-registered' : 'own-data-unknown',
        ],
        basis: 'unknown',
      },
      weights: null,
      cvss: null,
      exceeds: [],
    }
  })
}

/** A data set that was registered, with what was made of it. */
const dataSetComponent = (one: DataSet): StackComponent => ({
  layer: 'data',
  id: `dataset:${dataSetId(one)}`,
  name: one.name,
  kind: 'dataset',
  detail: one.models.map(({ model, use }) => `${use} ${model}`).join(', ') || null,
  destination: null,
  zone: null,
  state: 'enabled',
  family: null,
  version: one.version,
  versionFrom: 'configured',
  lag: null,
  licence: one.licence,
  openness: { level: null, text: null, reasons: [], basis: 'unknown' },
  weights: null,
  cvss: null,
  exceeds: [],
})

function ownComponent(
  { detail, model, ...part }: OwnPart,
  destinations: readonly Destination[],
  indexes: ImportedIndexes,
): StackComponent {
  // a guard that is another model runs where that model runs
  const host = destinations.find(({ models }) => models.some(({ name }) => name === model))
  const served = host?.models.find(({ name }) => name === model)
  const family = model === undefined ? null : findFamily(served?.upstream ?? model)
  return {
    ...part,
    detail: detail ?? null,
    licence: part.licence ?? served?.licence ?? licenceOf(family),
    destination: host?.id ?? null,
    zone: host && served ? zoneOf(host, served) : model === undefined ? 'device' : null,
    state: model !== undefined && host === undefined ? 'absent' : (host?.state ?? 'enabled'),
    family: family?.id ?? null,
    versionFrom: part.version === null ? 'unknown' : 'bundled',
    lag: null,
    openness:
      model === undefined
        ? byLicence(part.licence)
        : opennessOf(served ?? { name: model, upstream: model }, family, indexes),
    weights: null,
    cvss: served?.cvss ?? null,
    exceeds: [],
  }
}

const byLicence = (licence: string | null): ComponentOpenness =>
  licence === null
    ? { level: null, text: null, reasons: ['licence-unknown'], basis: 'unknown' }
    : { level: null, text: licence, reasons: ['source-published'], basis: 'licence' }
