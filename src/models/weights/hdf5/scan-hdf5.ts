import { inMemory, sliceOf, type ByteSource } from '../bytes/byte-source.ts'
import { parseStrictJson, onlySpace } from '../bytes/strict-json.ts'
import { strictUtf8 } from '../bytes/utf8.ts'
import { judgeKerasConfig, scanForKeras } from '../formats/scan-keras.ts'
import { probePickle } from '../pickle/scan-pickle.ts'
import type { Scan } from '../scan.ts'
import { attributesOf, elementsOf, type Attribute } from './attributes.ts'
import { linksOf } from './group-links.ts'
import { Fields, Hdf5File, NotUnderstood } from './hdf5-file.ts'
import { MESSAGE, messagesOf, type Message } from './object-header.ts'

/** Attributes that hold the configuration of a Keras model: one that cannot be read is not passed over. */
const KERAS_ATTRIBUTES = new Set(['model_config', 'training_config'])
/** PyTables marks arrays of pickles so. */
const PICKLED = 'PSEUDOATOM'
/** Filters that come with HDF5 itself, and LZF, which h5py brings along. */
const BUILT_IN = new Set([1, 2, 3, 4, 5, 6, 32000])
/** What is searched of a file whose structure is not understood: its verdict is no longer clean whatever is found. */
const SEARCHED_BYTES = 1024 ** 3
const VIRTUAL_LAYOUT = 3
const JSON_DEPTH = 200
/** Deflate makes zeros smaller by some thousand times; data sets that were never written take no room at all. */
const MOST_TIMES = 1100
const SPARE_BYTES = 1024 ** 3

/** Judges an HDF5 file by its tree of objects; one whose structure is not understood is searched, and said to be. */
export function scanHdf5(source: ByteSource, scan: Scan, base = 0): void {
  try {
    walkObjects(new Hdf5File(source, base, scan.budget), scan)
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error
    scan.report('hdf5-structure')
    scanForKeras(sliceOf(source, 0, SEARCHED_BYTES), scan)
  }
}

interface Place {
  readonly path: string
  readonly address: number
}

/** Every object that a hard link leads to, once. */
function walkObjects(file: Hdf5File, scan: Scan): void {
  if (file.extension !== null) judgeExtension(messagesOf(file, file.extension))
  const seen = new Set([file.root])
  const open: Place[] = [{ path: '/', address: file.root }]
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    scan.budget.entry()
    const messages = messagesOf(file, place.address)
    judgeData(file, messages, place.path, scan)
    if (claimedBytes(file, messages) > file.source.size * MOST_TIMES + SPARE_BYTES) {
      scan.report('hdf5-size', { at: place.path })
    }
    for (const attribute of attributesOf(file, messages)) {
      judgeAttribute(attribute, place.path, scan)
    }
    for (const link of linksOf(file, messages)) {
      const path = `${place.path === '/' ? '' : place.path}/${link.name}`
      if (link.kind === 'outside') scan.report('hdf5-outside', { at: path }, link.target)
      if (link.kind !== 'object' || seen.has(link.address)) continue
      seen.add(link.address)
      open.push({ path, address: link.address })
    }
  }
}

/** What the numbers of a data set take in memory; 0 for what is none, or whose type stands elsewhere. */
function claimedBytes(file: Hdf5File, messages: readonly Message[]): number {
  const own = (type: number): Buffer | undefined =>
    messages.find((message) => message.type === type && !message.isShared)?.body
  const [space, type] = [own(MESSAGE.dataspace), own(MESSAGE.datatype)]
  if (space === undefined || type === undefined) return 0
  return elementsOf(file, space) * new Fields(type, 4).u32()
}

/** What concerns the whole file: other files that belong to it, or messages that stand in a table. */
function judgeExtension(messages: readonly Message[]): void {
  const isOdd = messages.some(({ type }) => type === MESSAGE.sharedTable || type === MESSAGE.driver)
  if (isOdd) throw new NotUnderstood()
}

/** Messages that are judged; one of them that stands elsewhere is not understood. */
const JUDGED: ReadonlySet<number> = new Set([
  MESSAGE.externalFiles,
  MESSAGE.layout,
  MESSAGE.filters,
  MESSAGE.link,
  MESSAGE.linkInfo,
  MESSAGE.symbolTable,
  MESSAGE.attributeInfo,
])

/** Where the numbers of a data set are, and what is needed to read them. */
function judgeData(file: Hdf5File, messages: readonly Message[], path: string, scan: Scan): void {
  for (const { type, body, isShared } of messages) {
    if (isShared && JUDGED.has(type)) throw new NotUnderstood()
    if (type === MESSAGE.externalFiles) {
      scan.report('hdf5-outside', { at: path }, 'external storage')
    } else if (type === MESSAGE.layout) {
      const fields = new Fields(body)
      // before the third version the class stands behind the count of dimensions, and cannot be virtual
      if (fields.u8() >= 3 && fields.u8() === VIRTUAL_LAYOUT) {
        scan.report('hdf5-outside', { at: path }, 'virtual data set')
      }
    } else if (type === MESSAGE.filters) {
      for (const filter of filtersOf(file, body)) {
        if (!BUILT_IN.has(filter)) scan.report('hdf5-filter', { at: path }, String(filter))
      }
    }
  }
}

function* filtersOf(file: Hdf5File, body: Buffer): Generator<number> {
  const fields = new Fields(body)
  const version = fields.u8()
  const count = fields.u8()
  if (version !== 1 && version !== 2) throw new NotUnderstood()
  if (version === 1) fields.skip(6)
  for (let at = 0; at < count; at++) {
    file.budget.step()
    const id = fields.u16()
    // a filter of HDF5 itself has no name in the second version
    const nameBytes = version === 1 || id >= 256 ? fields.u16() : 0
    fields.skip(2)
    const values = fields.u16()
    fields.skip(version === 1 ? Math.ceil(nameBytes / 8) * 8 : nameBytes)
    fields.skip(values * 4)
    if (version === 1 && values % 2 === 1) fields.skip(4)
    yield id
  }
}

function judgeAttribute({ name, texts }: Attribute, path: string, scan: Scan): void {
  const at = `${path === '/' ? '' : path}@${name}`
  for (const text of texts) {
    scan.budget.step()
    if (name === PICKLED && text.toString('latin1') === 'object') {
      scan.report('hdf5-objects', { at })
    }
    const isJudged = judgeText(text, scan)
    if (!isJudged && KERAS_ATTRIBUTES.has(name)) scan.report('json-malformed', { at })
    if (!isJudged) probePickle(inMemory(text), 0, scan)
  }
  // numbers where a configuration should be
  if (texts.length === 0 && KERAS_ATTRIBUTES.has(name)) scan.report('json-malformed', { at })
}

/** Judges a text that is one value of JSON, as Keras reads it; false when it is not. */
function judgeText(bytes: Buffer, scan: Scan): boolean {
  const first = bytes.find((byte) => ![0x20, 0x09, 0x0a, 0x0d].includes(byte))
  if (first !== 0x7b && first !== 0x5b) return false
  const text = strictUtf8(bytes)
  if (text === null) return false
  let duplicate: string | null = null
  const parsed = parseStrictJson(text, {
    depth: JSON_DEPTH,
    step: () => scan.budget.step(),
    onDuplicate: (key) => (duplicate ??= key),
    pythonNumbers: true,
  })
  if (!parsed.ok || !onlySpace(text, parsed.end)) return false
  if (duplicate !== null) scan.report('json-duplicate-key', {}, duplicate)
  judgeKerasConfig(parsed.value, scan)
  return true
}
