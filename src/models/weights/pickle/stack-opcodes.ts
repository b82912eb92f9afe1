import { Broken } from './broken.ts'
import type { Machine, Opcode } from './machine.ts'
import { KEPT_ENTRIES, KEPT_ITEMS, MARK, OPAQUE, type Value } from './value.ts'

const tuple = (items: readonly Value[]): Value => ({
  kind: 'tuple',
  items: items.length > KEPT_ITEMS ? items.slice(0, KEPT_ITEMS) : items,
})

const dictionary = (): Value => ({ kind: 'dict', entries: new Map() })

function setItems(target: Value, items: readonly Value[]): void {
  if (typeof target !== 'object' || target.kind !== 'dict') return
  for (let index = 0; index + 1 < items.length; index += 2) {
    const [key, value] = [items[index], items[index + 1]]
    if (target.entries.size >= KEPT_ENTRIES) return
    if (typeof key === 'string' && key.length <= 64 && value !== undefined) {
      target.entries.set(key, value)
    }
  }
}

const newDictionary = (machine: Machine): void => {
  const items = machine.popMark()
  const made = dictionary()
  setItems(made, items)
  machine.push(made)
}

const setItem = (machine: Machine): void => {
  const value = machine.pop()
  const key = machine.pop()
  setItems(machine.top(), [key, value])
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
    const items = Array.from({ length: count }, () => machine.pop())
    machine.push(tuple(items.toReversed()))
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

const replacingMark =
  (make: () => Value) =>
  (machine: Machine): void => {
    machine.popMark()
    machine.push(make())
  }

const droppingOne = (machine: Machine): void => {
  machine.pop()
  machine.top()
}

const droppingMark = (machine: Machine): void => {
  machine.popMark()
  machine.top()
}

const dropMark = (machine: Machine): void => {
  machine.popMark()
}

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
  0x5d: { name: 'EMPTY_LIST', run: (m) => m.push({ kind: 'list' }) },
  0x6c: { name: 'LIST', run: replacingMark(() => ({ kind: 'list' })) },
  0x61: { name: 'APPEND', run: droppingOne },
  0x65: { name: 'APPENDS', run: droppingMark },
  0x7d: { name: 'EMPTY_DICT', run: (m) => m.push(dictionary()) },
  0x64: { name: 'DICT', run: newDictionary },
  0x73: { name: 'SETITEM', run: setItem },
  0x75: {
    name: 'SETITEMS',
    run: (m) => {
      const items = m.popMark()
      setItems(m.top(), items)
    },
  },
  0x8f: { name: 'EMPTY_SET', run: (m) => m.push(OPAQUE) },
  0x90: { name: 'ADDITEMS', run: droppingMark },
  0x91: { name: 'FROZENSET', run: replacingMark(() => OPAQUE) },
  0x70: { name: 'PUT', run: remembering(lineKey) },
  0x71: { name: 'BINPUT', run: remembering((m) => m.cursor.u8()) },
  0x72: { name: 'LONG_BINPUT', run: remembering((m) => m.cursor.u32()) },
  0x94: { name: 'MEMOIZE', run: remembering((m) => m.memo.size) },
  0x67: { name: 'GET', run: recalling(lineKey) },
  0x68: { name: 'BINGET', run: recalling((m) => m.cursor.u8()) },
  0x6a: { name: 'LONG_BINGET', run: recalling((m) => m.cursor.u32()) },
}
