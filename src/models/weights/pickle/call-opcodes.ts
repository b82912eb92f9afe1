import { Broken } from './broken.ts'
import type { Machine, Opcode } from './machine.ts'
import { BYTES_PER_STEP, weightFrom, weightOf } from './load-cost.ts'
import { OPAQUE, type Value } from './value.ts'

/** Longest line of a module or name, bytes. */
const LONGEST_NAME = 64 * 1024

const nameLine = (machine: Machine): string => {
  const found = machine.cursor.line(Math.min(LONGEST_NAME, machine.cursor.left))
  if (found === null) throw new Broken()
  return found.toString('utf8')
}

function imported(machine: Machine, module: string, name: string): Value {
  machine.listener.imported(module, name, machine.here)
  return { kind: 'global', module, name }
}

const global = (machine: Machine): void => {
  const module = nameLine(machine)
  machine.push(imported(machine, module, nameLine(machine)))
}

const stackGlobal = (machine: Machine): void => {
  const name = machine.known(machine.pop())
  const module = machine.known(machine.pop())
  if (typeof name === 'string' && typeof module === 'string') {
    machine.push(imported(machine, module, name))
    return
  }
  machine.listener.hiddenImport('computed', machine.here)
  machine.push(OPAQUE)
}

const extension =
  (bytes: 1 | 2 | 4) =>
  (machine: Machine): void => {
    machine.cursor.skip(bytes)
    machine.listener.hiddenImport('extension', machine.here)
    machine.push(OPAQUE)
  }

/** What `bytes(n)` costs, of which one alone may be small. */
function filledBy(callee: Value, [count]: readonly Value[]): number {
  const fills =
    typeof callee === 'object' &&
    callee.kind === 'global' &&
    (callee.name === 'bytearray' || callee.name === 'bytes')
  return fills && typeof count === 'number' ? Math.max(0, count) / BYTES_PER_STEP : 0
}

function call(
  machine: Machine,
  callee: Value,
  args: readonly Value[],
  weight = weightFrom(args),
): void {
  // most of what is called copies what it is given, or hashes it
  machine.cost.pay(weight + filledBy(callee, args))
  machine.checkCost()
  const known = args.slice(0, 8).map((value) => machine.known(value))
  const made = { kind: 'call', callee, args: known } as const
  machine.listener.called(made, machine.here)
  machine.push({ ...made })
}

const argumentsOf = (value: Value): readonly Value[] =>
  typeof value === 'object' && value.kind === 'tuple' ? value.items : [value]

const reduce = (machine: Machine): void => {
  const args = machine.pop()
  call(machine, machine.pop(), argumentsOf(args), weightOf(args))
}

const newWithKeywords = (machine: Machine): void => {
  machine.pop()
  reduce(machine)
}

const instance = (machine: Machine): void => {
  const module = nameLine(machine)
  const callee = imported(machine, module, nameLine(machine))
  call(machine, callee, machine.popMark())
}

const object = (machine: Machine): void => {
  const [callee = OPAQUE, ...args] = machine.popMark()
  call(machine, callee, args)
}

const build = (machine: Machine): void => {
  const state = machine.pop()
  const target = machine.top()
  machine.cost.pay(weightOf(state))
  machine.checkCost()
  machine.listener.built(target, state, machine.here)
  if (typeof target === 'object' && target.kind === 'call') target.state = state
  machine.listener.resumeAfterBuild?.(target, machine.cursor)
}

const persistent =
  (fromStack: boolean) =>
  (machine: Machine): void => {
    if (fromStack) machine.pop()
    else nameLine(machine)
    machine.listener.persistentId(machine.here)
    machine.push(OPAQUE)
  }

/** Opcodes that import, call, or reach outside, by their byte. */
export const CALL_OPCODES: Readonly<Record<number, Opcode>> = {
  0x63: { name: 'GLOBAL', run: global },
  0x93: { name: 'STACK_GLOBAL', run: stackGlobal },
  0x82: { name: 'EXT1', run: extension(1) },
  0x83: { name: 'EXT2', run: extension(2) },
  0x84: { name: 'EXT4', run: extension(4) },
  0x52: { name: 'REDUCE', run: reduce },
  0x81: { name: 'NEWOBJ', run: reduce },
  0x92: { name: 'NEWOBJ_EX', run: newWithKeywords },
  0x69: { name: 'INST', run: instance },
  0x6f: { name: 'OBJ', run: object },
  0x62: { name: 'BUILD', run: build },
  0x50: { name: 'PERSID', run: persistent(false) },
  0x51: { name: 'BINPERSID', run: persistent(true) },
}
