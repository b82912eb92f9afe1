import { zoneOf, type WeightsStop } from '#kernel/destination.ts'
import { CATEGORIES, CLASSES, classRank, type Category, type DataClass } from '#kernel/label.ts'
import type { RefusedCode } from '#kernel/verdict.ts'
import { addBit, emptyBits, type Bits } from './bits.ts'
import type { Catalogue } from './document.ts'
import type { Candidate } from './requirement.ts'
import { spreadHash } from './spread-hash.ts'

/** What a catalogue says by itself, whatever the policy: sets of candidates by all that a request can ask. */
export interface CatalogueIndex {
  /** Every model of every destination, in the order of the catalogue. */
  readonly candidates: readonly Candidate[]
  /** `destination/model` of each, and what spreads keys over them. */
  readonly names: readonly string[]
  readonly hashes: Uint32Array
  /** By every name that callers may use. */
  readonly byName: ReadonlyMap<string, Bits>
  /** Those that `auto` may mean for a task. */
  readonly byTask: (task: string | undefined) => Bits
  /** Those that state and clearance leave, by class. */
  readonly cleared: Readonly<Record<DataClass, Bits>>
  /** Those that must not see a category. */
  readonly withheld: ReadonlyMap<Category, Bits>
  /** Those on this machine. */
  readonly onDevice: Bits
  readonly ofDestination: ReadonlyMap<string, Bits>
}

const indexes = new WeakMap<Catalogue, CatalogueIndex>()

/** The index of a catalogue, made once: what is asked is looked up, whatever the number of destinations. */
export function indexOf(catalogue: Catalogue): CatalogueIndex {
  const known = indexes.get(catalogue)
  if (known) return known
  const index = makeIndex(catalogue)
  indexes.set(catalogue, index)
  return index
}

/** True when some destination knows this name; `auto` is always known. */
export const isKnownModel = (requested: string, catalogue: Catalogue): boolean =>
  requested === 'auto' || indexOf(catalogue).byName.has(requested)

function makeIndex(catalogue: Catalogue): CatalogueIndex {
  const candidates = catalogue.destinations.flatMap((destination) =>
    destination.models.map((model): Candidate => ({
      destination,
      model,
      zone: zoneOf(destination, model),
    })),
  )
  const where = (is: (candidate: Candidate) => boolean): Bits => placesWhere(candidates, is)
  const names = candidates.map(({ destination, model }) => `${destination.id}/${model.name}`)
  return {
    candidates,
    names,
    hashes: Uint32Array.from(names, spreadHash),
    byName: groups(candidates, namesOf),
    byTask: tasksOf(where),
    cleared: {
      public: where((one) => ownObjection(one, 'public') === null),
      internal: where((one) => ownObjection(one, 'internal') === null),
      confidential: where((one) => ownObjection(one, 'confidential') === null),
      restricted: where((one) => ownObjection(one, 'restricted') === null),
    },
    withheld: new Map(
      CATEGORIES.map((category) => [category, where((one) => isWithheld(one, category))]),
    ),
    onDevice: where(({ zone }) => zone === 'device'),
    ofDestination: groups(candidates, ({ destination }) => [destination.id]),
  }
}

/** The places of those candidates of which this is true. */
export function placesWhere(
  candidates: readonly Candidate[],
  is: (candidate: Candidate) => boolean,
): Bits {
  const bits = emptyBits(candidates.length)
  candidates.forEach((candidate, place) => {
    if (is(candidate)) addBit(bits, place)
  })
  return bits
}

function groups(
  candidates: readonly Candidate[],
  keysOf: (candidate: Candidate) => readonly string[],
): ReadonlyMap<string, Bits> {
  const found = new Map<string, Bits>()
  candidates.forEach((candidate, place) => {
    for (const key of keysOf(candidate)) {
      const bits = found.get(key) ?? emptyBits(candidates.length)
      addBit(bits, place)
      found.set(key, bits)
    }
  })
  return found
}

/** Every name that callers may use for it. */
export function namesOf({ destination, model }: Candidate): readonly string[] {
  const names = [model.name, ...(model.aliases ?? [])]
  return [...names, ...names.map((name) => `${destination.id}/${name}`)]
}

/** A model that is known to do something else than the task is never meant by `auto`. */
function tasksOf(where: (is: (candidate: Candidate) => boolean) => Bits): CatalogueIndex['byTask'] {
  const known = new Map<string | undefined, Bits>()
  return (task) => {
    const bits = known.get(task) ?? where(({ model }) => (model.task ?? task) === task)
    known.set(task, bits)
    return bits
  }
}

const STOPS: Readonly<Record<WeightsStop, RefusedCode>> = {
  // it passes by itself, as when a model is still on its way
  checking: 'not-ready',
  quarantined: 'weights-quarantined',
  suspended: 'weights-suspended',
  revoked: 'weights-revoked',
  changed: 'weights-changed',
  'exception-missing': 'exception-missing',
  'licence-blocked': 'licence-blocked',
}

/** What is said against the weights of a model, whatever the request, or null. */
export const weightsObjection = ({ model }: Candidate): RefusedCode | null =>
  model.stopped === undefined ? null : STOPS[model.stopped]

/** What the weights and a destination's own state and clearance say against a class, or null. */
export function ownObjection(candidate: Candidate, dataClass: DataClass): RefusedCode | null {
  const stopped = weightsObjection(candidate)
  if (stopped) return stopped
  const { state, clearance } = candidate.destination
  if (state === 'listed' || state === 'disabled') return 'not-enabled'
  if (state === 'discovered' && dataClass !== CLASSES[0]) return 'not-trusted'
  return classRank(dataClass) > classRank(clearance) ? 'clearance-too-low' : null
}

/** Whether a destination must not see a category. */
export const isWithheld = ({ destination }: Candidate, category: Category): boolean =>
  destination.withheld?.includes(category) === true
