import { firstFrom } from '../scan/places.ts'
import type { Scan } from '../scan/scan.ts'
import { type Question, readingOf } from './reading.ts'

/** How a sentence speaks of someone. Strong: a definite person, even inside a question. */
export interface Reference {
  readonly how: 'name' | 'pronoun' | 'role'
  readonly strong: boolean
}

const DETERMINED =
  /(?:^|[\s(«"“'])(?:mon|ma|mes|notre|nos|son|sa|ses|leurs?|votre|vos|ton|ta|tes|cet|cette|ces|ce|my|our|his|her|their|your|this|that|these|those|l'un de nos|one of our|one of my|une? de mes|chaque|each|every|deux|trois|quatre|two of|two|three|four|parmi ces|among these|nouvelle|nouveau|jeune|petite?|employee|patiente?|salariee?|eleve|agent)\s+(?:[\p{L}'-]{1,16}\s+){0,2}$/iu
const DEFINITE =
  /(?:^|[\s(«"“'])(?:le|la|l'|the|du|au|aux|des|les|d'une?|une?|an?)\s*(?:[\p{L}-]{1,16}\s+)?$/iu
const PLURAL = /[sx]$/i
/** "son salaire", "her chemotherapy": what is said belongs to someone. */
const THEIR = /(?:^|[\s(«"“'])(?:son|sa|ses|his|her)\s+(?:[\p{L}'-]{1,16}\s+)?$/iu

/** Whether a possessive of the third person stands right before `start`. */
export const isTheirs = (scan: Scan, start: number): boolean =>
  THEIR.test(readingOf(scan).plain(Math.max(0, start - 32), start))

/** A stretch of a text that is read at once. */
interface Stretch {
  readonly start: number
  readonly end: number
}

/** Whether a sentence works on a list or a document about people: "Extrais les diagnostics de ces ordonnances". */
export function showsMaterial(scan: Scan, { start, end }: Stretch): boolean {
  const reading = readingOf(scan)
  return reading.asks('material', start, end) && !reading.asks('work', start, end)
}

/** How far back a person already spoken of is still meant, with lists and forms in view. */
const BACK = 200

/** Who a sentence speaks of, the surest first; undefined when it speaks of nobody. */
export function referenceIn(scan: Scan, { start, end }: Stretch): Reference | undefined {
  // a list of names may follow on its own lines
  const reach = scan.text.slice(start, end).trimEnd().endsWith(':') ? end + 60 : end
  if (scan.hasPerson(start, reach)) return { how: 'name', strong: true }
  const reading = readingOf(scan)
  const asks = (question: Question): boolean => reading.asks(question, start, end)
  if (asks('firstPerson')) return { how: 'pronoun', strong: true }
  const role = roleIn(scan, { start, end })
  if (role?.strong === true) return role
  if (asks('age') || asks('record')) return { how: 'role', strong: true }
  if (reading.asksWritten('initials', start, end)) return { how: 'name', strong: true }
  if (asks('sorting') && asks('sorted')) return { how: 'role', strong: true }
  if (asks('possessedOne')) return { how: 'role', strong: true }
  if (asks('heOrShe')) return { how: 'pronoun', strong: true }
  if (asks('pronoun') || asks('pronounShort')) return { how: 'pronoun', strong: false }
  if (hasCapital(scan, start, end) && reading.asksWritten('doer', start, end))
    return { how: 'name', strong: false }
  return role
}

function hasCapital({ runs: { capitals } }: Scan, start: number, end: number): boolean {
  return (capitals[firstFrom(capitals, start)] ?? end) < end
}

/** Someone named or meant shortly before, in the same paragraph: "Pierre a rejoint l'équipe. …". */
export function referenceBefore(scan: Scan, sentence: Stretch): Reference | undefined {
  const end = sentence.start
  const from = Math.max(0, end - BACK)
  const blank = scan.text.slice(from, end).lastIndexOf('\n\n')
  const start = blank < 0 ? from : from + blank + 2
  scan.steps.spend(end - start)
  if (start >= end) return undefined
  const reference = referenceIn(scan, { start, end })
  return reference?.strong === true ? { ...reference, strong: false } : undefined
}

function roleIn(scan: Scan, sentence: Stretch): Reference | undefined {
  const hits = scan.hits('role')
  if (hits.length === 0) return undefined
  const reading = readingOf(scan)
  let sorting: boolean | undefined
  let weak: Reference | undefined
  for (let i = hits.after(sentence.start); i < hits.length; i++) {
    const start = hits.starts[i] ?? 0
    if (start >= sentence.end) break
    const before = reading.plain(Math.max(sentence.start, start - 40), start)
    const plural = PLURAL.test(scan.text.slice(start, (hits.ends[i] ?? 0) + 1).trim())
    scan.steps.spend(40)
    if (DETERMINED.test(before) || /^\s*$/.test(before)) return { how: 'role', strong: true }
    sorting ??= reading.asks('sorting', sentence.start, sentence.end)
    if (sorting) return { how: 'role', strong: true }
    if (!plural && DEFINITE.test(before)) weak ??= { how: 'role', strong: false }
  }
  return weak
}
