import { classRank } from '#kernel/label.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { viewOf } from '../normalise/view.ts'
import { SHINGLE_WORDS, shingleHash, winnow, type PrintColumns } from './fingerprints.ts'
import { readWord, stemLength, unitsOfText, walkWords } from './fold.ts'
import { hashLetters, type Lanes } from './lanes.ts'
import type { Meaning, OwnData, OwnDocument, OwnTerms } from './own-terms.ts'

export const DOCUMENT_PROBLEMS = ['document-too-short', 'too-many-documents'] as const
export type DocumentProblem = (typeof DOCUMENT_PROBLEMS)[number]

/** A shorter text has too few shingles to be told from others. */
const FEWEST_WORDS = 20
const MOST_DOCUMENTS = 20_000
/** Fingerprints of all documents together; each takes about 14 bytes of memory. */
const MOST_PRINTS = 8_000_000

/** Registers a text under the id of `meaning`, in place of what had that id; of the text only fingerprints are kept. */
export function registerDocument(
  own: Pick<OwnTerms, 'data' | 'lanes'>,
  meaning: Meaning,
  text: string,
): Result<{ readonly data: OwnData; readonly document: OwnDocument }, DocumentProblem> {
  const data = withoutDocument(own.data, meaning.id)
  const { words, shingles } = shinglesOf(text, own.lanes)
  if (words < FEWEST_WORDS || shingles.length === 0) return err('document-too-short')
  const prints = winnow(shingles)
  if (data.documents.length >= MOST_DOCUMENTS || data.prints.count + prints.length > MOST_PRINTS)
    return err('too-many-documents')
  const document: OwnDocument = { ...meaning, words, prints: prints.length }
  const documents = [...data.documents, document]
  return ok({ data: { ...data, documents, prints: withPrints(data, document, prints) }, document })
}

/** The same without one document; unchanged when there is none of that id. */
export function withoutDocument(data: OwnData, id: string): OwnData {
  const gone = data.documents.findIndex((document) => document.id === id)
  if (gone < 0) return data
  const { documents: owners, hashes, count } = data.prints
  const rows = Uint32Array.from({ length: count }, (_, row) => row).filter(
    (row) => owners[row] !== gone,
  )
  return {
    ...data,
    documents: data.documents.filter((_, index) => index !== gone),
    prints: {
      count: rows.length,
      hashes: rows.map((row) => hashes[row] ?? 0),
      documents: Uint16Array.from(rows, (row) => {
        const owner = owners[row] ?? 0
        return owner > gone ? owner - 1 : owner
      }),
    },
  }
}

function shinglesOf(
  text: string,
  lanes: Lanes,
): { readonly words: number; readonly shingles: readonly number[] } {
  const ring = new Uint32Array(16)
  const shingles: number[] = []
  let words = 0
  let sinceGap = 0
  const view = viewOf(text).text
  const word = readWord()
  walkWords(unitsOfText(view), view.length, word, {
    word() {
      const stem = stemLength(word.letters, word.length)
      ring[words & 15] = hashLetters(word.letters, stem, lanes.seed, lanes.factor) >>> 0
      words++
      sinceGap++
      if (sinceGap >= SHINGLE_WORDS) shingles.push(shingleHash(ring, words - 1, lanes))
    },
    gap: () => void (sinceGap = 0),
  })
  return { words, shingles }
}

/** New rows stand before those of less sensitive documents: where only some of a shingle count, it is the highest. */
function withPrints(data: OwnData, document: OwnDocument, prints: readonly number[]): PrintColumns {
  const { hashes, documents, count } = data.prints
  const rank = classRank(document.class)
  let from = 0
  while (from < count && rankOf(data, documents[from] ?? 0) >= rank) from++
  const newHashes = new Uint32Array(count + prints.length)
  const newDocuments = new Uint16Array(count + prints.length)
  newHashes.set(hashes.subarray(0, from))
  newHashes.set(prints, from)
  newHashes.set(hashes.subarray(from), from + prints.length)
  newDocuments.set(documents.subarray(0, from))
  newDocuments.fill(data.documents.length, from, from + prints.length)
  newDocuments.set(documents.subarray(from), from + prints.length)
  return { count: count + prints.length, hashes: newHashes, documents: newDocuments }
}

const rankOf = (data: OwnData, document: number): number =>
  classRank(data.documents[document]?.class ?? 'public')
