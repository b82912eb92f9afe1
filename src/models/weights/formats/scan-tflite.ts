import { exactly, type ByteSource } from '../bytes/byte-source.ts'
import type { Scan } from '../scan.ts'
import { judgeOperator } from './judge-operator.ts'

/** BuiltinOperator_CUSTOM of tensorflow/lite/schema/schema.fbs. */
const CUSTOM = 32
const MOST_OPERATORS = 100_000

/** Judges the custom operators of a TensorFlow Lite model (a FlatBuffer: root table, vector of operator codes). */
export function scanTflite(source: ByteSource, scan: Scan): void {
  const table = new Flat(source)
  const root = table.u32(0)
  const codes = root === null ? null : table.vector(root, 1)
  if (codes === null || codes.count > MOST_OPERATORS) {
    scan.report('tflite-malformed', { offset: 0 })
    return
  }
  for (let index = 0; index < codes.count; index++) {
    scan.budget.step()
    const at = table.indirect(codes.start + index * 4)
    if (at === null) {
      scan.report('tflite-malformed', { offset: codes.start })
      return
    }
    const name = table.text(at, 1)
    const short = table.byte(at, 0) ?? 0
    const wide = table.field(at, 3)
    const builtin = Math.max(short, wide === null ? 0 : (table.u32(wide) ?? 0))
    if (builtin !== CUSTOM && name === null) continue
    judgeOperator(name ?? '', at, scan)
    scan.report('tflite-custom-operator', { offset: at }, name ?? '?')
  }
}

/** Reads of a FlatBuffer; every one is bounded, null where it leads outside. */
class Flat {
  readonly #source: ByteSource
  constructor(source: ByteSource) {
    this.#source = source
  }

  u32(at: number): number | null {
    return exactly(this.#source, at, 4)?.readUInt32LE(0) ?? null
  }

  /** Follows the offset that stands at a place. */
  indirect(at: number): number | null {
    const offset = this.u32(at)
    return offset === null || at + offset >= this.#source.size ? null : at + offset
  }

  /** Where a field of a table lies; null when it is absent or its table is broken. */
  field(table: number, index: number): number | null {
    const back = exactly(this.#source, table, 4)?.readInt32LE(0)
    if (back === undefined) return null
    const vtable = table - back
    const size = exactly(this.#source, vtable, 2)?.readUInt16LE(0) ?? 0
    const slot = 4 + index * 2
    if (slot + 2 > size) return null
    const offset = exactly(this.#source, vtable + slot, 2)?.readUInt16LE(0) ?? 0
    return offset === 0 ? null : table + offset
  }

  byte(table: number, index: number): number | null {
    const at = this.field(table, index)
    return at === null ? null : (exactly(this.#source, at, 1)?.[0] ?? null)
  }

  vector(table: number, index: number): { readonly start: number; readonly count: number } | null {
    const at = this.field(table, index)
    const start = at === null ? null : this.indirect(at)
    const count = start === null ? null : this.u32(start)
    if (start === null || count === null || start + 4 + count * 4 > this.#source.size) return null
    return { start: start + 4, count }
  }

  text(table: number, index: number): string | null {
    const at = this.field(table, index)
    const start = at === null ? null : this.indirect(at)
    const length = start === null ? null : this.u32(start)
    if (start === null || length === null || length > 1024) return null
    return exactly(this.#source, start + 4, length)?.toString('utf8') ?? null
  }
}
