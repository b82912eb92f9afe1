import type { ByteSource } from '../bytes/byte-source.ts'
import { Cursor, Truncated } from '../bytes/cursor.ts'
import { strictUtf8 } from '../bytes/utf8.ts'
import type { Scan } from '../scan.ts'
import { scanTemplate } from '../template/scan-template.ts'
import { checkTensors, readTensors } from './gguf-tensors.ts'
import { BOOLEAN, GgufReader, LIST, SCALAR_BYTES, TEXT } from './gguf-reader.ts'

/** Bounds beyond any published model; the field's own readers have the same order of size. */
const MOST_KEYS = 100_000
const MOST_LIST_ITEMS = 32_000_000
const LONGEST_KEY = 65_535
const DEEPEST_LIST = 4
/** Template or fact that is kept, bytes. */
const LONGEST_TEXT = 1024 * 1024
const DEFAULT_ALIGNMENT = 32

/** Checks a GGUF file: every length, count, offset and extent of its header; tensor data is not read. */
export function scanGguf(source: ByteSource, scan: Scan): void {
  const cursor = new Cursor(source)
  try {
    cursor.skip(4)
    const version = cursor.take(4)
    const little = version.readUInt32LE()
    const big = little !== 2 && little !== 3
    const number = big ? version.readUInt32BE() : little
    if (number !== 2 && number !== 3) {
      scan.report('gguf-version', { offset: 4 }, String(little))
      return
    }
    if (big) scan.report('gguf-big-endian', { offset: 4 })
    scanBody(new GgufReader(cursor, big), scan)
  } catch (error) {
    if (!(error instanceof Truncated)) throw error
    scan.report('gguf-truncated', { offset: cursor.at })
  }
}

function scanBody(reader: GgufReader, scan: Scan): void {
  const { cursor } = reader
  const tensorCount = reader.u64()
  const keyCount = reader.u64()
  const room = BigInt(cursor.left)
  // a key takes at least 13 bytes, a tensor at least 24
  if (keyCount > BigInt(MOST_KEYS) || keyCount * 13n > room || tensorCount * 24n > room) {
    scan.report('gguf-count', { offset: 8 })
    return
  }
  const values = new Map<string, GgufValue>()
  const lists = new Map<string, number>()
  for (let index = 0; index < Number(keyCount); index++) {
    if (!readKey(reader, values, lists, scan)) return
  }
  checkVocabulary(lists, scan)
  tellFacts(values, Number(tensorCount), scan)
  const alignment = alignmentOf(values, scan)
  const tensors = readTensors(reader, Number(tensorCount), scan)
  if (tensors === null || alignment === null) return
  checkTensors(tensors, cursor.at, cursor.end, alignment, scan)
}

type GgufValue = string | number | bigint | null

/** Reads one key and its value; false when nothing after it can be placed. */
function readKey(
  reader: GgufReader,
  values: Map<string, GgufValue>,
  lists: Map<string, number>,
  scan: Scan,
): boolean {
  const { cursor } = reader
  scan.budget.step()
  const offset = cursor.at
  const length = reader.length()
  if (length === null) {
    scan.report('gguf-truncated', { offset })
    return false
  }
  if (length === 0 || length > LONGEST_KEY) {
    scan.report('gguf-key', { offset })
    return false
  }
  const key = cursor.take(length).toString('latin1')
  // oxlint-disable-next-line no-control-regex
  if (!/^[\x21-\x7e]+$/.test(key)) scan.report('gguf-key', { offset }, key)
  if (values.has(key)) scan.report('gguf-duplicate-key', { offset }, key)
  const type = reader.u32()
  if (type === TEXT) return readText(reader, key, values, scan)
  if (type === LIST) {
    values.set(key, null)
    if (isTemplateKey(key)) scan.report('template-unreadable', { offset }, key)
    return skipList(reader, key, 1, scan, (count) => lists.set(key, count))
  }
  if (SCALAR_BYTES[type] === undefined) {
    scan.report('gguf-value-type', { offset, at: `type ${type}` }, key)
    return false
  }
  const value = reader.scalar(type)
  if (type === BOOLEAN && value !== 0 && value !== 1) scan.report('gguf-value', { offset }, key)
  values.set(key, value)
  return true
}

const isTemplateKey = (key: string): boolean =>
  key === 'tokenizer.chat_template' || key.startsWith('tokenizer.chat_template.')

function readText(
  reader: GgufReader,
  key: string,
  values: Map<string, GgufValue>,
  scan: Scan,
): boolean {
  const { cursor } = reader
  const offset = cursor.at
  const length = reader.length()
  if (length === null) {
    scan.report('gguf-truncated', { offset }, key)
    return false
  }
  const isTemplate = isTemplateKey(key)
  if (length > LONGEST_TEXT) {
    if (isTemplate) scan.report('template-unreadable', { offset }, key)
    values.set(key, null)
    cursor.skip(length)
    return true
  }
  const text = strictUtf8(cursor.take(length))
  values.set(key, text)
  if (text === null && (isTemplate || key.startsWith('general.'))) {
    scan.report('gguf-value', { offset }, key)
  }
  if (text !== null && isTemplate) scanTemplate(text, key, scan)
  return true
}

/** Readers go through these lists by the number of tokens, whatever their own length is. */
const PER_TOKEN = ['tokenizer.ggml.scores', 'tokenizer.ggml.token_type']

function checkVocabulary(lists: ReadonlyMap<string, number>, scan: Scan): void {
  const tokens = lists.get('tokenizer.ggml.tokens')
  if (tokens === undefined) return
  for (const key of PER_TOKEN) {
    if ((lists.get(key) ?? tokens) < tokens) scan.report('gguf-value', {}, key)
  }
}

function skipList(
  reader: GgufReader,
  key: string,
  depth: number,
  scan: Scan,
  told: (count: number) => void = () => undefined,
): boolean {
  const { cursor } = reader
  const offset = cursor.at
  const type = reader.u32()
  const count = reader.u64()
  const size = SCALAR_BYTES[type]
  if (size === undefined && type !== TEXT && (type !== LIST || depth >= DEEPEST_LIST)) {
    scan.report('gguf-value-type', { offset, at: `type ${type}` }, key)
    return false
  }
  const least = size ?? (type === TEXT ? 8 : 12)
  if (count > BigInt(MOST_LIST_ITEMS) || count * BigInt(least) > BigInt(cursor.left)) {
    scan.report('gguf-count', { offset }, key)
    return false
  }
  told(Number(count))
  if (size !== undefined) {
    cursor.skip(size * Number(count))
    return true
  }
  scan.budget.step(Number(count))
  for (let index = 0; index < Number(count); index++) {
    if (type === LIST) {
      if (!skipList(reader, key, depth + 1, scan)) return false
      continue
    }
    const length = reader.length()
    if (length === null) {
      scan.report('gguf-truncated', { offset: cursor.at }, key)
      return false
    }
    cursor.skip(length)
  }
  return true
}

function alignmentOf(values: ReadonlyMap<string, GgufValue>, scan: Scan): number | null {
  if (!values.has('general.alignment')) return DEFAULT_ALIGNMENT
  const given = values.get('general.alignment')
  // a text of digits is none: readers that ask for a whole number of 32 bits stop, others go by 32
  const value = typeof given === 'number' ? given : Number.NaN
  const isPower = Number.isSafeInteger(value) && value >= 8 && Math.log2(value) % 1 === 0
  if (isPower && value <= 2 ** 20) return value
  scan.report('gguf-alignment', {}, 'general.alignment')
  return null
}

/** What provenance needs: who made it, from what, under which licence (docs/gguf.md, "general" keys). */
const FACTS =
  /^general\.(?:architecture|name|author|organization|version|basename|finetune|quantized_by|size_label|license(?:\.name|\.link)?|url|repo_url|doi|uuid|source\.[a-z._]+|base_model\.\d+\.[a-z._]+|dataset\.\d+\.[a-z._]+|file_type|quantization_version)$/

function tellFacts(values: ReadonlyMap<string, GgufValue>, tensors: number, scan: Scan): void {
  for (const [key, value] of values) {
    if (value !== null && FACTS.test(key)) {
      scan.fact(key, typeof value === 'bigint' ? Number(value) : value)
    }
  }
  scan.fact('tensors', tensors)
}
