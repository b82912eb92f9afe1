import { leadsOut } from '../archive/member-name.ts'
import type { ByteSource } from '../bytes/byte-source.ts'
import { Cursor, Truncated } from '../bytes/cursor.ts'
import type { Scan } from '../scan.ts'
import operators from './onnx-domains.json' with { type: 'json' }
import { NotProtobuf, varint, wireFields, type WireField } from './wire.ts'

const STANDARD = new Set(operators.standard)
const VENDOR = new Set(operators.vendor)
const PYTHON = new Set(operators.python)
/** Operators that hold, or name the file of, a program compiled for an accelerator (onnxruntime, EP context). */
const COMPILED = new Set(operators.compiled)
/** Operators of the domains of ONNX itself, of every version. */
const OPERATORS = new Set(
  [...operators.operators, operators.dropped].flatMap((line) => line.split(' ')),
)
/** Bits of one element by the number of its type (onnx.proto3, TensorProto.DataType); texts have no fixed size. */
const BITS: Readonly<Record<number, number>> = {
  1: 32,
  2: 8,
  3: 8,
  4: 16,
  5: 16,
  6: 32,
  7: 64,
  9: 8,
  10: 16,
  11: 64,
  12: 32,
  13: 64,
  14: 64,
  15: 128,
  16: 16,
  17: 8,
  18: 8,
  19: 8,
  20: 8,
  21: 4,
  22: 4,
  23: 4,
  24: 8,
}
const LONGEST_NAME = 4096
const DEEPEST_GRAPH = 32
const MOST_ELEMENTS = 2n ** 60n

/** The messages of onnx.proto that matter, by field number: what they hold. */
const MODEL = { graph: 7, opset: 8, training: 20, functions: 25 } as const

/** Judges an ONNX model by walking its messages: tensors are passed over. */
export function scanOnnx(source: ByteSource, scan: Scan): void {
  new OnnxWalk(source, scan).run()
}

/** Whether bytes could be a ModelProto: its version of the format first, and a graph. */
export function looksLikeOnnx(source: ByteSource): boolean {
  let version = false
  let graph = false
  try {
    const cursor = new Cursor(source)
    let fields = 0
    for (const { field, type, value } of wireFields(cursor, source.size, () => undefined)) {
      fields += 1
      if (field === 1 && type === 0 && value < 100n) version = true
      if (field === MODEL.graph && type === 2) graph = true
      if (fields > 2000) break
    }
  } catch (error) {
    if (!(error instanceof Truncated || error instanceof NotProtobuf)) throw error
    return false
  }
  return version && graph
}

class OnnxWalk {
  readonly #cursor: Cursor
  readonly #scan: Scan
  readonly #size: number
  /** Operators outside the standard, and those that the model defines itself. */
  readonly #foreign = new Map<string, number>()
  readonly #unknown = new Map<string, number>()
  readonly #defined = new Set<string>()

  constructor(source: ByteSource, scan: Scan) {
    this.#cursor = new Cursor(source)
    this.#scan = scan
    this.#size = source.size
  }

  run(): void {
    try {
      for (const field of this.#fields(this.#size)) {
        if (field.type !== 2) continue
        if (field.field === MODEL.graph) this.#graph(field, 0)
        else if (field.field === MODEL.functions) this.#function(field)
        else if (field.field === MODEL.training) this.#training(field)
      }
    } catch (error) {
      if (!(error instanceof Truncated || error instanceof NotProtobuf)) throw error
      this.#scan.report('protobuf-malformed', { offset: this.#cursor.at })
    }
    for (const [shown, offset] of this.#foreign) {
      if (!this.#defined.has(shown)) this.#scan.report('onnx-custom-operator', { offset }, shown)
    }
    for (const [shown, offset] of this.#unknown) {
      if (!this.#defined.has(shown)) this.#scan.report('onnx-unknown-operator', { offset }, shown)
    }
  }

  #fields(end: number): Generator<WireField> {
    return wireFields(this.#cursor, end, () => this.#scan.budget.step())
  }

  #text(field: WireField): string {
    const length = Math.min(field.end - field.start, LONGEST_NAME)
    this.#cursor.seek(field.start)
    return this.#cursor.take(length).toString('utf8')
  }

  #within(field: WireField): Generator<WireField> {
    this.#cursor.seek(field.start)
    return this.#fields(field.end)
  }

  /** GraphProto: node 1, initializer 5, sparse_initializer 15. */
  #graph(graph: WireField, depth: number): void {
    if (depth > DEEPEST_GRAPH) throw new NotProtobuf()
    for (const field of this.#within(graph)) {
      if (field.type !== 2) continue
      if (field.field === 1) this.#node(field, depth)
      else if (field.field === 5) this.#tensor(field)
      else if (field.field === 15) this.#sparse(field)
    }
  }

  /** FunctionProto: name 1, node 7, domain 10, attribute_proto 11. */
  #function(message: WireField): void {
    let name = ''
    let domain = ''
    for (const field of this.#within(message)) {
      if (field.type !== 2) continue
      if (field.field === 1) name = this.#text(field)
      else if (field.field === 7) this.#node(field, 0)
      else if (field.field === 10) domain = this.#text(field)
      else if (field.field === 11) this.#attribute(field, 0)
    }
    this.#defined.add(operatorName(name, domain))
  }

  /** TrainingInfoProto: initialization 1, algorithm 2, both graphs. */
  #training(message: WireField): void {
    for (const field of this.#within(message)) {
      if (field.type === 2 && field.field <= 2) this.#graph(field, 0)
    }
  }

  /** NodeProto: op_type 4, attribute 5, domain 7. */
  #node(node: WireField, depth: number): void {
    let operator = ''
    let domain = ''
    for (const field of this.#within(node)) {
      if (field.type !== 2) continue
      if (field.field === 4) operator = this.#text(field)
      else if (field.field === 7) domain = this.#text(field)
      else if (field.field === 5) this.#attribute(field, depth)
    }
    const place = { offset: node.start }
    const shown = operatorName(operator, domain)
    if (PYTHON.has(operator)) this.#scan.report('onnx-python-operator', place, shown)
    else if (COMPILED.has(operator) && !STANDARD.has(domain)) {
      this.#scan.report('onnx-custom-operator', place, shown)
    } else if (VENDOR.has(domain)) this.#scan.report('onnx-vendor-operator', place, shown)
    else if (!STANDARD.has(domain)) this.#foreign.set(shown, node.start)
    else if (!OPERATORS.has(operator)) this.#unknown.set(shown, node.start)
  }

  /** AttributeProto: t 5, g 6, tensors 10, graphs 11, sparse_tensor 22, sparse_tensors 23. */
  #attribute(attribute: WireField, depth: number): void {
    for (const field of this.#within(attribute)) {
      if (field.type !== 2) continue
      if (field.field === 6 || field.field === 11) this.#graph(field, depth + 1)
      else if (field.field === 5 || field.field === 10) this.#tensor(field)
      else if (field.field === 22 || field.field === 23) this.#sparse(field)
    }
  }

  /** SparseTensorProto: values 1, indices 2. */
  #sparse(message: WireField): void {
    for (const field of this.#within(message)) {
      if (field.type === 2 && field.field <= 2) this.#tensor(field)
    }
  }

  /** TensorProto: dims 1, data_type 2, raw_data 9, external_data 13, entries of key 1 and value 2. */
  #tensor(tensor: WireField): void {
    const external = new Map<string, string>()
    const locations: string[] = []
    const shape = new Shape()
    for (const field of this.#within(tensor)) {
      if (field.field === 1) this.#dimensions(field, shape)
      else if (field.field === 2) shape.bits = BITS[Number(field.value)] ?? null
      else if (field.field === 9) shape.raw = field.end - field.start
      // float_data and double_data of the types that they are for: whole runs, or one by one
      else if (field.field === 4 && shape.bits === 32) shape.add(field, 4)
      else if (field.field === 10 && shape.bits === 64) shape.add(field, 8)
      if (TYPED.has(field.field)) shape.isTyped = true
      if (field.type !== 2 || field.field !== 13) continue
      let key = ''
      let value = ''
      for (const part of this.#within(field)) {
        if (part.type === 2 && part.field === 1) key = this.#text(part)
        else if (part.type === 2 && part.field === 2) value = this.#text(part)
      }
      external.set(key, value)
      if (key === 'location') locations.push(value)
    }
    if (!shape.isFull(external)) {
      this.#scan.report('onnx-tensor-size', { offset: tensor.start })
    }
    // readers differ in which one of two counts
    const places = locations.length === 0 ? [''] : locations
    for (const location of external.size === 0 ? [] : places) {
      this.#external(location, external, tensor.start)
    }
  }

  /** One dimension, or all of them in one run. */
  #dimensions(field: WireField, shape: Shape): void {
    if (field.type === 0) shape.dimension(field.value)
    else if (field.type === 2) {
      this.#cursor.seek(field.start)
      while (this.#cursor.at < field.end) {
        this.#scan.budget.step()
        shape.dimension(varint(this.#cursor))
      }
    }
  }

  #external(location: string, entries: ReadonlyMap<string, string>, offset: number): void {
    if (location === '' || leadsOut(location) || /^[a-z][a-z0-9+.-]*:/i.test(location)) {
      this.#scan.report('onnx-external-escape', { offset }, location)
      return
    }
    const size = this.#scan.neighbours.sizeOf(location)
    const begin = Number(entries.get('offset') ?? 0)
    const length = Number(entries.get('length') ?? 0)
    const inside = size !== null && begin >= 0 && length >= 0 && begin + length <= size
    if (!inside) this.#scan.report('onnx-external-missing', { offset }, location)
  }
}

/** float_data, int32_data, string_data, int64_data, double_data, uint64_data. */
const TYPED = new Set([4, 5, 6, 7, 10, 11])

/** What a tensor says of its size. */
class Shape {
  bits: number | null = null
  /** Bytes that stand in the file itself; null when none do. */
  raw: number | null = null
  /** Numbers or texts stand in lists of their own type. */
  isTyped = false
  #elements = 1n

  dimension(value: bigint): void {
    // beyond any file; a later zero cannot undo it
    if (this.#elements < MOST_ELEMENTS) this.#elements *= BigInt.asUintN(64, value)
  }

  /** Numbers that stand outside of `raw_data`. */
  add({ type, start, end }: WireField, each: number): void {
    if (type !== 0) this.raw = (this.raw ?? 0) + (type === 2 ? end - start : each)
  }

  isFull(external: ReadonlyMap<string, string>): boolean {
    const length = external.has('length') ? Number(external.get('length')) : null
    const inside = this.raw ?? (this.isTyped ? null : 0)
    const held = external.size > 0 ? length : inside
    if (this.bits === null || held === null) return true
    return (
      (this.#elements * BigInt(this.bits) + 7n) / 8n ===
      BigInt(Number.isSafeInteger(held) ? held : -1)
    )
  }
}

const operatorName = (operator: string, domain: string): string =>
  domain === '' ? operator : `${domain}::${operator}`
