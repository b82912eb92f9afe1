import type { Component, ComponentState, Family } from '../catalogue/family.ts'
import { findFamily, statesOf } from '../catalogue/find-family.ts'
import type { ComponentStates } from '../catalogue/grade.ts'
import {
  allRows,
  MOT_COMPONENTS,
  OSAI_CRITERIA,
  type ImportedIndexes,
  type IndexRow,
} from './index-file.ts'

/** What an index says of a model, in the components that ours are graded by. */
export interface IndexView {
  readonly row: IndexRow
  readonly states: ComponentStates
  /** Of the European index, out of 12; null for the other. */
  readonly score: number | null
  /** Of the Model Openness Framework, worked out of the components; null: none is complete. */
  readonly mofClass: 1 | 2 | 3 | null
  /** Where it says something else than our evidence does. */
  readonly differs: readonly {
    readonly component: Component
    readonly ours: ComponentState
    readonly theirs: ComponentState
  }[]
}

const OSAI_STATES: Readonly<Record<string, ComponentState>> = {
  o: 'open',
  p: 'partial',
  c: 'closed',
}
/** What stands there under no open licence may be a name alone: nothing can be told from it. */
const MOT_STATES: Readonly<Record<string, ComponentState>> = {
  o: 'open',
  u: 'unknown',
  '-': 'unknown',
}

/** Criteria that mean one of our components; `code` of the European index is the documentation of code. */
const OSAI_COMPONENTS: Readonly<Partial<Record<(typeof OSAI_CRITERIA)[number], Component>>> = {
  datasources_basemodel: 'training_data',
  datasources_endmodel: 'finetuning_data',
  weights_endmodel: 'weights',
  trainingcode: 'training_code',
  preprint: 'paper',
  paper: 'paper',
  modelcard: 'model_card',
  datasheet: 'data_information',
}
const MOT_MEANS: Readonly<Partial<Record<(typeof MOT_COMPONENTS)[number], Component>>> = {
  'Model parameters (Final)': 'weights',
  'Model parameters (Intermediate)': 'checkpoints',
  'Inference code': 'inference_code',
  'Training code': 'training_code',
  'Data preprocessing code': 'data_processing_code',
  'Evaluation code': 'evaluation',
  Datasets: 'training_data',
  'Data card': 'data_information',
  'Technical report': 'paper',
  'Research paper': 'paper',
  'Model card': 'model_card',
}

const ORDER: readonly ComponentState[] = ['unknown', 'closed', 'partial', 'open']

/** The states that the letters of a row stand for; two criteria of one component count as the better. */
export function statesIn(row: IndexRow): ComponentStates {
  const states: Partial<Record<Component, ComponentState>> = {}
  const isOsai = row.id.startsWith('osai:')
  const names: readonly string[] = isOsai ? OSAI_CRITERIA : MOT_COMPONENTS
  const means: Readonly<Record<string, Component | undefined>> = isOsai
    ? OSAI_COMPONENTS
    : MOT_MEANS
  const letters = isOsai ? OSAI_STATES : MOT_STATES
  for (const [index, name] of names.entries()) {
    const component = means[name]
    const state = letters[row.values[index] ?? '-']
    if (component === undefined || state === undefined) continue
    const before = states[component] ?? 'unknown'
    states[component] = ORDER.indexOf(state) > ORDER.indexOf(before) ? state : before
  }
  return states
}

const CLASSES: readonly (readonly [1 | 2 | 3, readonly (readonly string[])[]])[] = [
  [
    3,
    [
      ['Model architecture'],
      ['Model parameters (Final)'],
      ['Technical report', 'Research paper'],
      ['Evaluation results'],
      ['Model card'],
      ['Data card'],
    ],
  ],
  [2, [['Training code'], ['Inference code'], ['Evaluation code'], ['Evaluation data']]],
  [
    1,
    [
      ['Research paper'],
      ['Datasets'],
      ['Data preprocessing code'],
      ['Model parameters (Intermediate)'],
    ],
  ],
]

/** Class of the Model Openness Framework 1.0: all of a class and of those below, each under an open licence. */
export function mofClassOf({ values }: Pick<IndexRow, 'values'>): 1 | 2 | 3 | null {
  const isOpen = (name: string): boolean =>
    values[MOT_COMPONENTS.findIndex((one) => one === name)] === 'o'
  let reached: 1 | 2 | 3 | null = null
  for (const [level, wanted] of CLASSES) {
    if (!wanted.every((either) => either.some(isOpen))) break
    reached = level
  }
  return reached
}

const POINTS: Readonly<Record<string, number>> = { o: 1, p: 0.5, c: 0 }

/** As JSON has it, from the command line and by HTTP. */
export function jsonOfView({ row, states, score, mofClass, differs }: IndexView): object {
  const { id, name, developer, licence, link } = row
  return { id, name, developer, licence, link, score, mofClass, states, differs }
}

/** What the row says, beside our evidence where there is some. */
export function viewOf(row: IndexRow, family: Family | null): IndexView {
  const states = statesIn(row)
  const ours = family === null ? {} : statesOf(family)
  const isOsai = row.id.startsWith('osai:')
  const differs = Object.entries(states).flatMap(([name, theirs]) => {
    const component = name as Component // a key of states
    const mine = ours[component]
    if (mine === undefined || mine === theirs || mine === 'unknown' || theirs === 'unknown')
      return []
    return [{ component, ours: mine, theirs }]
  })
  return {
    row,
    states,
    score: isOsai ? Array.from(row.values).reduce((sum, one) => sum + (POINTS[one] ?? 0), 0) : null,
    mofClass: isOsai ? null : mofClassOf(row),
    differs,
  }
}

const seen = new WeakMap<ImportedIndexes, Map<Family, readonly IndexView[]>>()

/** What both indexes say of a family of the catalogue; a model that somebody else made from it is not that family. */
export function viewsOf(family: Family, imported: ImportedIndexes): readonly IndexView[] {
  const before = seen.get(imported) ?? new Map<Family, readonly IndexView[]>()
  seen.set(imported, before)
  const views = before.get(family) ?? viewsIn(allRows(imported), family)
  before.set(family, views)
  return views
}

const viewsIn = (rows: readonly IndexRow[], family: Family): readonly IndexView[] =>
  rows
    .filter(
      (row) => isSameHouse(row.developer, family.developer) && familiesOf(row).includes(family.id),
    )
    .map((row) => viewOf(row, family))

/** What both indexes say of a name that the catalogue may not know. */
export function viewsNamed(name: string, imported: ImportedIndexes): readonly IndexView[] {
  const wanted = name.toLowerCase()
  return allRows(imported)
    .filter((row) => [row.id, ...namesOf(row)].some((one) => one.toLowerCase() === wanted))
    .map((row) => viewOf(row, null))
}

/** Names that a row goes by: its own, that of what is judged, the repository it links to; not what it was made from. */
function namesOf(row: IndexRow): readonly string[] {
  const hub =
    row.link === null ? null : /^https:\/\/huggingface\.co\/([^/]+\/[^/?#]+)$/.exec(row.link)
  const end = 'end' in row ? row.end : null
  return [row.name, end, hub?.[1] ?? null].filter((one) => one !== null)
}

const known = new WeakMap<IndexRow, readonly string[]>()

/** The families that the names of a row stand for; looked up once, because every family asks for every row. */
function familiesOf(row: IndexRow): readonly string[] {
  const found = known.get(row) ?? [...new Set(namesOf(row).flatMap((name) => familyOf(name) ?? []))]
  known.set(row, found)
  return found
}

/** Short names are those of registries: of an index they are a whole line of models, `Gemma` or `Phi`. */
function familyOf(name: string): string | null {
  const family = findFamily(name)
  return family?.exactNames?.includes(name.toLowerCase()) === true ? null : (family?.id ?? null)
}

/** Names of one house that have nothing in common. */
const HOUSES: Readonly<Record<string, string>> = {
  'allen institute for ai': 'ai2',
  'open assistant': 'laion',
}

function isSameHouse(theirs: string | null, ours: string): boolean {
  if (theirs === null) return true
  const house = (name: string): string => HOUSES[name.toLowerCase().trim()] ?? name.toLowerCase()
  const [a, b] = [house(theirs), house(ours)]
  const words = new Set(wordsOf(a))
  return wordsOf(b).some((word) => words.has(word)) || squashed(a) === squashed(b)
}

/** `HuggingFace` and `Hugging Face` alike. */
const squashed = (name: string): string => name.replaceAll(/[^a-z0-9]/g, '')
const wordsOf = (name: string): readonly string[] =>
  name.split(/[^a-z0-9]+/).filter((word) => word.length > 1 && word !== 'ai')
