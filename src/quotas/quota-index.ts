import { DIMENSIONS, type Dimension, type Quota, type Subject } from './quota.ts'

/** Whether a name fits one pattern: `*` stands for any run of characters, all else for itself. Linear in both lengths times the stars. */
export function fits(pattern: string, name: string): boolean {
  const star = pattern.indexOf('*')
  if (star < 0) return pattern === name
  const parts = pattern.split('*')
  const [first = '', last = ''] = [parts[0], parts.at(-1)]
  if (name.length < first.length + last.length) return false
  if (!name.startsWith(first) || !name.endsWith(last)) return false
  let from = first.length
  const until = name.length - last.length
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, from)
    if (found < 0 || found + part.length > until) return false
    from = found + part.length
  }
  return true
}

/** The names that a subject answers to in one dimension. */
const namesOf = (subject: Subject, dimension: Dimension): readonly string[] => {
  const name = subject[dimension]
  if (name === null) return []
  return dimension === 'key' && subject.keyName !== null && subject.keyName !== name
    ? [name, subject.keyName]
    : [name]
}

/** Whether the quota speaks of this subject. */
export function appliesTo(quota: Quota, subject: Subject): boolean {
  if (quota.tenant !== null && quota.tenant !== subject.organisation) return false
  if (quota.per.some((dimension) => subject[dimension] === null)) return false
  return DIMENSIONS.every((dimension) => {
    const patterns = quota.match[dimension]
    if (patterns === undefined) return true
    const names = namesOf(subject, dimension)
    return patterns.some((pattern) => names.some((name) => fits(pattern, name)))
  })
}

/** Quotas by the beginning of a pattern up to its first `*`, for each length that occurs. */
interface Shelf {
  readonly exact: Map<string, Quota[]>
  readonly byPrefix: Map<number, Map<string, Quota[]>>
}

/** Quotas found by hash lookups: the cost of a search grows with what is found, not with what is kept. */
export class QuotaIndex {
  readonly #shelves = new Map<Dimension, Shelf>()
  /** Those that match everybody. */
  readonly #general: Quota[] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  /** The quotas that speak of this subject, in no particular order. */
  find(subject: Subject): readonly Quota[] {
    const found = new Set<Quota>()
    const consider = (quotas: readonly Quota[] | undefined): void => {
      for (const quota of quotas ?? []) if (appliesTo(quota, subject)) found.add(quota)
    }
    consider(this.#general)
    for (const [dimension, { exact, byPrefix }] of this.#shelves) {
      for (const name of namesOf(subject, dimension)) {
        consider(exact.get(name))
        for (const [length, shelf] of byPrefix) {
          if (length <= name.length) consider(shelf.get(name.slice(0, length)))
        }
      }
    }
    return [...found]
  }

  put(quota: Quota): void {
    this.#size += 1
    for (const list of this.#placesOf(quota)) list.push(quota)
  }

  /** Takes out what was put in, the very same. */
  remove(quota: Quota): void {
    this.#size -= 1
    for (const list of this.#placesOf(quota)) {
      const at = list.indexOf(quota)
      if (at >= 0) list.splice(at, 1)
    }
  }

  /** Under the dimension that tells most: names before patterns, long beginnings before short ones. */
  #placesOf(quota: Quota): readonly Quota[][] {
    let best: { dimension: Dimension; patterns: readonly string[]; told: number } | null = null
    for (const dimension of DIMENSIONS) {
      const patterns = quota.match[dimension]
      if (patterns === undefined) continue
      const told = Math.min(...patterns.map(tells))
      if (best === null || told > best.told) best = { dimension, patterns, told }
    }
    if (best === null) return [this.#general]
    const { exact, byPrefix } = this.#shelfOf(best.dimension)
    return best.patterns.map((pattern) => {
      const star = pattern.indexOf('*')
      if (star < 0) return listAt(exact, pattern)
      const ofLength = byPrefix.get(star) ?? new Map<string, Quota[]>()
      byPrefix.set(star, ofLength)
      return listAt(ofLength, pattern.slice(0, star))
    })
  }

  #shelfOf(dimension: Dimension): Shelf {
    const known = this.#shelves.get(dimension)
    if (known) return known
    const shelf: Shelf = { exact: new Map(), byPrefix: new Map() }
    this.#shelves.set(dimension, shelf)
    return shelf
  }
}

const tells = (pattern: string): number => {
  const star = pattern.indexOf('*')
  return star < 0 ? Infinity : star
}

function listAt(shelf: Map<string, Quota[]>, name: string): Quota[] {
  const known = shelf.get(name)
  if (known) return known
  const made: Quota[] = []
  shelf.set(name, made)
  return made
}
