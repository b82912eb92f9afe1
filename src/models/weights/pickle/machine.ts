import type { ByteSource } from '../bytes/byte-source.ts'
import { Cursor, Truncated } from '../bytes/cursor.ts'
import { OutOfBudget, type Budget } from '../budget.ts'
import { Broken } from './broken.ts'
import { CALL_OPCODES } from './call-opcodes.ts'
import { DATA_OPCODES } from './data-opcodes.ts'
import { STACK_OPCODES } from './stack-opcodes.ts'
import { LoadCost, type Costly } from './load-cost.ts'
import { Memo } from './memo.ts'
import { MARK, OPAQUE, type Called, type Value } from './value.ts'

/** What the machine tells while it walks; nothing is ever imported or called. */
export interface Listener {
  imported(module: string, name: string, at: OpcodePlace): void
  /** An import whose name is computed, or comes through an extension code. */
  hiddenImport(how: 'computed' | 'extension', at: OpcodePlace): void
  called(call: Called, at: OpcodePlace): void
  built(target: Value, state: Value, at: OpcodePlace): void
  /** Items are set on something, which need not be a dictionary. */
  itemsSet(target: Value, at: OpcodePlace): void
  persistentId(at: OpcodePlace): void
  /** Bytes or a text held by the pickle, by where they lie. */
  held(start: number, length: number): void
  /** Once for each answer: loading costs far more than the size of the pickle explains. */
  costly(how: Costly, at: OpcodePlace): void
  /** After BUILD: where joblib reads an array from the same file, the place where the pickle goes on. */
  resumeAfterBuild?(target: Value, cursor: Cursor): void
}

export interface OpcodePlace {
  readonly offset: number
  readonly at: string
}

export type Outcome =
  | { readonly kind: 'stop'; readonly end: number; readonly top: Value | null }
  | { readonly kind: 'broken'; readonly offset: number; readonly end: number }

/** An opcode: its name in pickletools, and what it does to the machine. */
export interface Opcode {
  readonly name: string
  readonly run: (machine: Machine) => void
}

/** Values held at once: beyond it the memory of a real loader would be gone too. */
const MOST_VALUES = 8_000_000

/** Texts that are kept: no module or name is longer. Bytes. */
const KEPT_TEXT = 4096

const TABLE: readonly (Opcode | undefined)[] = Array.from({ length: 256 }, (_, code) =>
  [DATA_OPCODES, STACK_OPCODES, CALL_OPCODES].map((some) => some[code]).find(Boolean),
)

/** An abstract pickle machine (CPython Lib/pickle.py, protocols 0 to 5): it follows stack and memo, and does nothing. */
export class Machine {
  readonly cursor: Cursor
  readonly listener: Listener
  readonly stack: Value[] = []
  readonly memo = new Memo()
  readonly cost = new LoadCost()
  readonly #budget: Budget
  readonly #start: number
  #costly: Costly | null = null
  /** The stack was asked for more than it holds: a real unpickler has stopped there; we look on. */
  underflow = false
  stopped = false
  #offset = 0
  #name = ''

  constructor(source: ByteSource, start: number, budget: Budget, listener: Listener) {
    this.cursor = new Cursor(source, start)
    this.#start = start
    this.#budget = budget
    this.listener = listener
  }

  /** Walks one pickle from the place of the cursor to its STOP. */
  run(): Outcome {
    const { cursor } = this
    const start = cursor.at
    let offset = start
    try {
      while (!this.stopped) {
        offset = cursor.at
        const opcode = TABLE[cursor.u8()]
        if (opcode === undefined) return { kind: 'broken', offset, end: offset }
        this.#budget.step()
        this.#offset = offset
        this.#name = opcode.name
        opcode.run(this)
      }
      return { kind: 'stop', end: cursor.at, top: this.stack.at(-1) ?? null }
    } catch (error) {
      if (error instanceof Truncated || error instanceof Broken) {
        return { kind: 'broken', offset, end: cursor.at }
      }
      throw error
    }
  }

  /** Where the opcode that is running stands. */
  get here(): OpcodePlace {
    return { offset: this.#offset, at: this.#name }
  }

  push(value: Value): void {
    if (this.stack.length + this.memo.size > MOST_VALUES) throw new OutOfBudget('steps')
    this.stack.push(value)
  }

  /** The topmost value; a mark or nothing counts as underflow. */
  pop(): Value {
    const value = this.stack.pop()
    if (value === undefined || value === MARK) {
      this.underflow = true
      return OPAQUE
    }
    return value
  }

  top(): Value {
    const value = this.stack.at(-1)
    if (value === undefined || value === MARK) {
      this.underflow = true
      return OPAQUE
    }
    return value
  }

  /** Where the values above the last mark begin; `dropFrom` takes them away, and the mark. */
  aboveMark(): number {
    const found = this.stack.lastIndexOf(MARK)
    if (found < 0) this.underflow = true
    return found + 1
  }

  dropFrom(first: number): void {
    this.stack.length = Math.max(0, first - 1)
  }

  /** Everything above the last mark, which is taken away too. */
  popMark(): readonly Value[] {
    const first = this.aboveMark()
    const items = this.stack.slice(first)
    this.dropFrom(first)
    return items
  }

  /** A value with its text read, where it is one that is kept. */
  known(value: Value): Value {
    if (typeof value !== 'object' || value.kind !== 'text') return value
    return value.length > KEPT_TEXT
      ? OPAQUE
      : this.cursor.textAt(value.at, value.length, value.encoding)
  }

  /** Tells when what was paid so far is too much for what was read. */
  checkCost(): void {
    const found = this.cost.beyond(this.cursor.at - this.#start)
    if (found === null || found === this.#costly || this.#costly === 'certain') return
    this.#costly = found
    this.listener.costly(found, this.here)
  }

  remember(key: number, value: Value): void {
    if (this.stack.length + this.memo.size > MOST_VALUES) throw new OutOfBudget('steps')
    this.memo.set(key, value)
  }

  recall(key: number): void {
    const value = this.memo.get(key)
    if (value === undefined) this.underflow = true
    this.push(value ?? OPAQUE)
  }

  /** A length that the rest of the file has room for. */
  bounded(length: number | bigint): number {
    // beyond 2^53 the number is no longer exact, and far beyond any file
    const wanted = Number(length)
    if (wanted < 0 || wanted > this.cursor.left) throw new Truncated()
    return wanted
  }
}
