import { Broken } from './broken.ts'
import type { Machine, Opcode } from './machine.ts'
import { bulk, weightFrom, weightOf } from './load-cost.ts'
import { KEPT_ENTRIES, KEPT_ITEMS, MARK, OPAQUE, type Value } from './value.ts'

/** Lists may hold themselves: their weight ends here. */
const MOST_WEIGHT = 1e15

const tuple = (items: readonly Value[]): Value => {
  let depth = 0
  for (const item of items) {
    if (typeof item === 'object' && item.kind === 'tuple' && item.depth > depth) depth = item.depth
  }
  const { length: count } = items
  const kept = count > KEPT_ITEMS ? items.slice(0, KEPT_ITEMS) : items
  return { kind: 'tuple', items: kept, count, weight: 1 + weightFrom(items), depth: depth + 1 }
}

const dictionary = (): Value => ({ kind: 'dict', entries: new Map(), weight: 1 })

/** Keys and values by turns, from a place of a list on. */
function setItems(machine: Machine, target: Value, items: readonly Value[], from: number): void {
  const { cost } = machine
  for (let at = from; at < items.length; at += 2) {
    const key = items[at]
    if (key !== undefined) cost.payKey(target, key)
  }
  machine.checkCost()
  if (typeof target !== 'object' || target.kind !== 'dict') {
    machine.listener.itemsSet(target, machine.here)
    return
  }
  target.weight += (items.length - from) / 2
  for (let at = from; at + 1 < items.length; at += 2) {
    if (target.entries.size >= KEPT_ENTRIES) return
    const key = machine.known(items[at] ?? OPAQUE)
    const value = items[at + 1]
    if (typeof key === 'string' && key.length <= 64 && value !== undefined) {
      target.entries.set(key, value)
    }
  }
}

const newDictionary = (machine: Machine): void => {
  const items = machine.popMark()
  const made = dictionary()
  setItems(machine, made, items, 0)
  machine.push(made)
}

const setItem = (machine: Machine): void => {
  const value = machine.pop()
  const key = machine.pop()
  setItems(machine, machine.top(), [key, value], 0)
}

/** Takes the pairs above the mark from where they lie: there may be a million. */
const setItemsAboveMark = (machine: Machine): void => {
  const first = machine.aboveMark()
  const target = machine.stack[first - 2] ?? OPAQUE
  setItems(machine, target, machine.stack, first)
  machine.dropFrom(first)
  machine.top()
}

const lineKey = (machine: Machine): number => {
  const line = machine.cursor.line(64)
  const key = Number(line?.toString('latin1').trim() ?? Number.NaN)
  if (!Number.isSafeInteger(key)) throw new Broken()
  return key
}

const tupleOf =
  (count: number) =>
  (machine: Machine): void => {
    const items: Value[] = []
    for (let at = 0; at < count; at++) items.unshift(machine.pop())
    machine.push(tuple(items))
  }

const remembering =
  (key: (machine: Machine) => number) =>
  (machine: Machine): void =>
    machine.remember(key(machine), machine.top())

const recalling =
  (key: (machine: Machine) => number) =>
  (machine: Machine): void =>
    machine.recall(key(machine))

const pop = (machine: Machine): void => {
  if (machine.stack.at(-1) === MARK) machine.stack.pop()
  else machine.pop()
}

const listAboveMark = (machine: Machine): void => {
  const first = machine.aboveMark()
  const weight = 1 + weightFrom(machine.stack, first)
  machine.dropFrom(first)
  machine.push({ kind: 'list', weight })
}

const append = (machine: Machine): void => {
  const weight = weightOf(machine.pop())
  grow(machine.top(), weight)
}

function grow(target: Value, weight: number): void {
  if (typeof target === 'object' && (target.kind === 'list' || target.kind === 'set')) {
    target.weight = Math.min(target.weight + weight, MOST_WEIGHT)
  }
}

const appendsAboveMark = (machine: Machine): void => {
  const first = machine.aboveMark()
  const weight = weightFrom(machine.stack, first)
  machine.dropFrom(first)
  grow(machine.top(), weight)
}

/** Items of a set are hashed, and compared where hashes are equal. */
function payItems(machine: Machine, target: Value, first: number): void {
  for (let at = first; at < machine.stack.length; at++) {
    machine.cost.payKey(target, machine.stack[at] ?? OPAQUE)
  }
  machine.checkCost()
}

const addItems = (machine: Machine): void => {
  const first = machine.aboveMark()
  const target = machine.stack[first - 2] ?? OPAQUE
  payItems(machine, target, first)
  grow(target, weightFrom(machine.stack, first))
  machine.dropFrom(first)
  machine.top()
}

const frozenSet = (machine: Machine): void => {
  const first = machine.aboveMark()
  const made = bulk('frozenset', weightFrom(machine.stack, first))
  payItems(machine, made, first)
  machine.dropFrom(first)
  machine.push(made)
}

const dropMark = (machine: Machine): void => machine.dropFrom(machine.aboveMark())

/** Opcodes of the stack, the memo and containers, by their byte. */
export const STACK_OPCODES: Readonly<Record<number, Opcode>> = {
  0x28: { name: 'MARK', run: (m) => m.push(MARK) },
  0x2e: {
    name: 'STOP',
    run: (m) => {
      m.stopped = true
    },
  },
  0x30: { name: 'POP', run: pop },
  0x31: { name: 'POP_MARK', run: dropMark },
  0x32: { name: 'DUP', run: (m) => m.push(m.top()) },
  0x29: { name: 'EMPTY_TUPLE', run: (m) => m.push(tuple([])) },
  0x74: { name: 'TUPLE', run: (m) => m.push(tuple(m.popMark())) },
  0x85: { name: 'TUPLE1', run: tupleOf(1) },
  0x86: { name: 'TUPLE2', run: tupleOf(2) },
  0x87: { name: 'TUPLE3', run: tupleOf(3) },
  0x5d: { name: 'EMPTY_LIST', run: (m) => m.push({ kind: 'list', weight: 1 }) },
  0x6c: { name: 'LIST', run: listAboveMark },
  0x61: { name: 'APPEND', run: append },
  0x65: { name: 'APPENDS', run: appendsAboveMark },
  0x7d: { name: 'EMPTY_DICT', run: (m) => m.push(dictionary()) },
  0x64: { name: 'DICT', run: newDictionary },
  0x73: { name: 'SETITEM', run: setItem },
  0x75: { name: 'SETITEMS', run: setItemsAboveMark },
  0x8f: { name: 'EMPTY_SET', run: (m) => m.push({ kind: 'set', weight: 1 }) },
  0x90: { name: 'ADDITEMS', run: addItems },
  0x91: { name: 'FROZENSET', run: frozenSet },
  0x70: { name: 'PUT', run: remembering(lineKey) },
  0x71: { name: 'BINPUT', run: remembering((m) => m.cursor.u8()) },
  0x72: { name: 'LONG_BINPUT', run: remembering((m) => m.cursor.u32()) },
  0x94: { name: 'MEMOIZE', run: remembering((m) => m.memo.size) },
  0x67: { name: 'GET', run: recalling(lineKey) },
  0x68: { name: 'BINGET', run: recalling((m) => m.cursor.u8()) },
  0x6a: { name: 'LONG_BINGET', run: recalling((m) => m.cursor.u32()) },
}
