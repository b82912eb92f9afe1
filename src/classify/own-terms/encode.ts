import { z } from 'zod'
import { CATEGORIES, CLASSES } from '#kernel/label.ts'
import { MATCHES, type OwnData } from './own-terms.ts'

/** The form of the file; another form has another name. */
const FORM = 'own-terms/1'

/** A name that can stand in a rule and in a path. */
export const OWN_ID = /^[a-z\d](?:[a-z\d-]{0,58}[a-z\d])?$/

const meaning = {
  id: z.string().regex(OWN_ID),
  owner: z.string().max(100),
  class: z.enum(CLASSES),
  category: z.enum(CATEGORIES),
}
const Count = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31)

const Head = z.strictObject({
  form: z.literal(FORM),
  lists: z.array(z.strictObject({ ...meaning, match: z.enum(MATCHES), terms: Count })).readonly(),
  patterns: z
    .array(z.strictObject({ ...meaning, source: z.string(), ignoreCase: z.boolean() }))
    .readonly(),
  documents: z.array(z.strictObject({ ...meaning, words: Count, prints: Count })).readonly(),
  terms: Count,
  near: z.strictObject({ words: Count, forms: Count, halves: Count }),
  prints: Count,
})

type Column = Uint32Array | Uint16Array | Uint8Array

/** The columns of the file in their order, the widest first so that each begins where its units may. */
const columnsOf = ({ terms, near, prints }: OwnData): readonly Column[] => [
  terms.hashes,
  terms.lasts,
  terms.highs,
  terms.lows,
  near.hashes,
  near.highs,
  near.lows,
  near.firsts,
  near.seconds,
  near.owners,
  near.halves,
  prints.hashes,
  terms.lists,
  prints.documents,
  terms.shapes,
]

const ALIGNED = 8

/** All that is kept, as bytes: a head in JSON, then the columns. */
export function encodeOwn(data: OwnData): Uint8Array {
  const { lists, patterns, documents, terms, near, prints } = data
  const head = Buffer.from(
    JSON.stringify({
      form: FORM,
      lists,
      patterns,
      documents,
      terms: terms.count,
      near: { words: near.words, forms: near.forms, halves: near.halves.length },
      prints: prints.count,
    } satisfies z.infer<typeof Head>),
  )
  const columns = columnsOf(data)
  const from = Math.ceil((4 + head.length) / ALIGNED) * ALIGNED
  const bytes = Buffer.alloc(from + columns.reduce((sum, column) => sum + column.byteLength, 0))
  bytes.writeUInt32LE(head.length, 0)
  head.copy(bytes, 4)
  let at = from
  for (const column of columns) {
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at)
    at += column.byteLength
  }
  return bytes
}

/** Reads what `encodeOwn` wrote; null when it is anything else. */
export function decodeOwn(bytes: Uint8Array): OwnData | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headLength = bytes.length < 4 ? 0 : view.getUint32(0, true)
  const head = readHead(bytes.subarray(4, 4 + headLength))
  if (head === null || headLength > bytes.length - 4) return null
  const { lists, patterns, documents, terms, near, prints } = head
  const columns = new ColumnReader(bytes, Math.ceil((4 + headLength) / ALIGNED) * ALIGNED)
  const wide = (count: number): Uint32Array => columns.wide(count)
  const data: OwnData = {
    lists,
    patterns,
    documents,
    ...readColumns(wide, columns, { terms, near, prints }),
  }
  const isKnown =
    data.terms.lists.every((list) => list < lists.length) &&
    data.prints.documents.every((document) => document < documents.length) &&
    data.near.owners.every((owner) => owner < near.words)
  return columns.isAtEnd && isKnown ? data : null
}

function readColumns(
  wide: (count: number) => Uint32Array,
  columns: ColumnReader,
  { terms, near, prints }: Pick<z.infer<typeof Head>, 'terms' | 'near' | 'prints'>,
): Pick<OwnData, 'terms' | 'near' | 'prints'> {
  const [hashes, lasts, highs, lows] = [wide(terms), wide(terms), wide(terms), wide(terms)]
  const nearColumns = {
    words: near.words,
    hashes: wide(near.words),
    highs: wide(near.words),
    lows: wide(near.words),
    forms: near.forms,
    firsts: wide(near.forms),
    seconds: wide(near.forms),
    owners: wide(near.forms),
    halves: wide(near.halves),
  }
  const shingles = wide(prints)
  const lists = columns.narrow(terms)
  const documents = columns.narrow(prints)
  return {
    terms: { count: terms, hashes, lasts, highs, lows, lists, shapes: columns.bytes(terms) },
    near: nearColumns,
    prints: { count: prints, hashes: shingles, documents },
  }
}

function readHead(bytes: Uint8Array): z.infer<typeof Head> | null {
  try {
    const read = Head.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')))
    return read.success ? read.data : null
  } catch {
    // no JSON: not a file of ours
    return null
  }
}

/** Cuts columns out of one copy of the bytes. */
class ColumnReader {
  readonly #bytes: ArrayBuffer
  readonly #length: number
  #at = 0

  constructor(bytes: Uint8Array, from: number) {
    this.#bytes = bytes.buffer.slice(
      bytes.byteOffset + from,
      bytes.byteOffset + bytes.byteLength,
    ) as ArrayBuffer // the bytes of a file are never shared memory
    this.#length = this.#bytes.byteLength
  }

  get isAtEnd(): boolean {
    return this.#at === this.#length
  }

  wide(count: number): Uint32Array {
    return new Uint32Array(this.#bytes, this.#take(4 * count), this.#fits(count))
  }

  narrow(count: number): Uint16Array {
    return new Uint16Array(this.#bytes, this.#take(2 * count), this.#fits(count))
  }

  bytes(count: number): Uint8Array {
    return new Uint8Array(this.#bytes, this.#take(count), this.#fits(count))
  }

  /** Where the next column begins; a file that is too short has none left. */
  #take(bytes: number): number {
    const at = this.#at
    this.#at += bytes
    return this.#at <= this.#length ? at : 0
  }

  #fits(count: number): number {
    return this.#at <= this.#length ? count : 0
  }
}
