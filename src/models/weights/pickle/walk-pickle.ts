import type { ByteSource } from '../bytes/byte-source.ts'
import type { Cursor } from '../bytes/cursor.ts'
import type { Scan } from '../scan.ts'
import { judgeGlobal, isPlausible } from './globals.ts'
import { Machine, type Listener, type OpcodePlace, type Outcome } from './machine.ts'
import { innerPickle } from './inner-pickle.ts'
import { isCall, isGlobal, isNamed, OPAQUE, type Called, type Value } from './value.ts'

/** Types that TorchScript compiles from the archive's own code, which is a finding of its own; Python imports none. */
const COMPILED = '__torch__.'
/** Pickles inside the data of pickles that are followed. */
const DEEPEST_NESTING = 3

export interface WalkOptions {
  /** A PyTorch archive: references to storages are its own way. */
  readonly torch?: boolean
  readonly nesting?: number
  readonly resumeAfterBuild?: (target: Value, cursor: Cursor) => void
}

export interface Walk {
  readonly outcome: Outcome
  readonly underflow: boolean
  /** Imports that could be ones, allowed or not. */
  readonly imports: number
  /** Imports that are refused. */
  readonly refused: number
  /** Imports that are known to be dangerous. */
  readonly dangerous: number
  /** Calls of what was imported. */
  readonly calls: number
  readonly machine: Machine
}

/** Walks one pickle and judges what it imports and calls; how it ended is left to the caller. */
export function walkPickle(
  source: ByteSource,
  start: number,
  scan: Scan,
  options: WalkOptions = {},
): Walk {
  let imports = 0
  let refused = 0
  let dangerous = 0
  let calls = 0
  const nesting = options.nesting ?? 0
  const listener: Listener = {
    imported(module, name, at) {
      if (isPlausible(module, name)) imports += 1
      const kind = judgeGlobal(module, name)
      if (kind === 'allowed' || (options.torch === true && module.startsWith(COMPILED))) return
      refused += 1
      if (kind === 'dangerous') dangerous += 1
      if (nesting > 0) return
      const rule = kind === 'dangerous' ? 'pickle-dangerous-global' : 'pickle-unknown-global'
      scan.report(rule, at, `${module}.${name}`)
    },
    hiddenImport(how, at) {
      refused += 1
      if (nesting > 0) return
      scan.report(how === 'computed' ? 'pickle-unresolved-global' : 'pickle-extension', at)
    },
    called: (call, at) => {
      calls += 1
      if (nesting === 0) judgeCall(call, at, scan)
    },
    built: (target, _state, at) => {
      if (nesting === 0 && isGlobal(target)) {
        scan.report('pickle-build', at, `${target.module}.${target.name}`)
      }
    },
    itemsSet: (target, at) => {
      if (nesting > 0 || holdsItems(target)) return
      scan.report('pickle-set-item', at)
    },
    persistentId: (at) => {
      if (nesting === 0 && options.torch !== true) scan.report('pickle-persistent-id', at)
    },
    costly: (how, at) => {
      if (nesting === 0) scan.report(how === 'certain' ? 'pickle-bomb' : 'pickle-cost', at)
    },
    held: (from, length) => lookInside(source, from, length, nesting, scan),
    ...(options.resumeAfterBuild && { resumeAfterBuild: options.resumeAfterBuild }),
  }
  const machine = new Machine(source, start, scan.budget, listener)
  const outcome = machine.run()
  return { outcome, underflow: machine.underflow, imports, refused, dangerous, calls, machine }
}

/** Encodings that protocols 0 to 2 write bytes by; others would run a codec of the caller's choice. */
const LATIN = new Set(['latin1', 'latin-1', 'iso-8859-1', 'latin_1'])

function judgeCall(call: Called, at: OpcodePlace, scan: Scan): void {
  const { callee, args } = call
  if (!isGlobal(callee)) {
    scan.report('pickle-computed-call', at)
    return
  }
  if (isNamed(callee, '_codecs', 'encode')) {
    const [, encoding] = args
    const plain = typeof encoding === 'string' && LATIN.has(encoding.toLowerCase())
    if (!plain) scan.report('pickle-argument', at, '_codecs.encode')
  }
  // these call what they are given: it must be an import, which was judged as one
  // it gives back what it is given: a class that BUILD would then change
  if (isNamed(callee, 'torch.jit._pickle', 'restore_type_tag') && isGlobal(args[0])) {
    scan.report('pickle-argument', at, 'torch.jit._pickle.restore_type_tag')
  }
  if (fillsMemory(call) || readsLong(call) || isOddArray(call))
    scan.report('pickle-argument', at, `${callee.module}.${callee.name}`)
  const calls =
    callee.name === '_rebuild_from_type_v2' ||
    (callee.name === '_reconstructor' && callee.module.startsWith('copy'))
  if (calls && !isGlobal(args[0])) {
    scan.report('pickle-argument', at, `${callee.module}.${callee.name}`)
  }
}

const DICTIONARIES = new Set(['OrderedDict', 'Counter', 'defaultdict', 'dict'])

/** Whether items may be set on a value: on tensors and storages it writes memory, on classes it changes them (CVE-2026-24747). */
const holdsItems = (target: Value): boolean => {
  if (!isCall(target)) return false
  const { callee, args } = target
  if (!isGlobal(callee)) return false
  const made = callee.name === '_reconstructor' && isGlobal(args[0]) ? args[0] : callee
  // what is not on the list has been refused as an import already
  return DICTIONARIES.has(made.name) || judgeGlobal(made.module, made.name) !== 'allowed'
}

/** The code of a type of numpy, as in `dtype('f4')`. */
const codeOf = ({ args: [code] }: Called): string => (typeof code === 'string' ? code : '')

/** What numpy never writes: an array called by its class, with a shape of its own, or an object out of bytes. */
const isOddArray = ({ callee, args }: Called): boolean => {
  if (!isGlobal(callee) || !callee.module.startsWith('numpy')) return false
  if (callee.name === 'ndarray' || callee.name === 'matrix') return true
  if (callee.name === 'scalar') return isCall(args[0]) && codeOf(args[0]).includes('O')
  const shape = args[1]
  if (callee.name !== '_reconstruct' || typeof shape !== 'object') return false
  return shape.kind !== 'tuple' || shape.items.some((each) => each !== 0)
}

const isBuiltIn = (value: Value | undefined, names: ReadonlySet<string>): boolean =>
  isGlobal(value) && /^(?:builtins|__builtin__)$/.test(value.module) && names.has(value.name)

const FILLED = new Set(['bytes', 'bytearray'])
const COUNTED = new Set(['range', 'xrange'])
const LARGEST_COUNT = 2 ** 24

const isLarge = (value: Value): boolean =>
  typeof value === 'number'
    ? Math.abs(value) > LARGEST_COUNT
    : typeof value === 'object' &&
      (value.kind === 'long' || (value.kind === 'bulk' && value.of === 'number'))

/** Whether a call makes so many bytes or items out of one number; pickles write such values as they are. */
const fillsMemory = ({ callee, args }: Called): boolean =>
  isBuiltIn(callee, FILLED)
    ? args.length === 1 && args.some(isLarge)
    : args.some(
        (each) => isCall(each) && isBuiltIn(each.callee, COUNTED) && each.args.some(isLarge),
      )

const READS_NUMBER = new Set(['int', 'long', 'Fraction', 'Decimal'])
/** Decimal digits that CPython reads by default (sys.int_info.default_max_str_digits); more take quadratic time. */
const MOST_DIGITS = 4300

/** Whether a call makes a number that takes far longer than its text is long: too many digits, or an exponent of ten. */
function readsLong({ callee, args }: Called): boolean {
  if (!isGlobal(callee) || !READS_NUMBER.has(callee.name)) return false
  const isFraction = callee.name === 'Fraction'
  return args.some(
    (each) =>
      (typeof each === 'string' &&
        (each.length > MOST_DIGITS || (isFraction && !/^[+-]?\d+(?:\/\d+)?$/.test(each)))) ||
      (typeof each === 'object' &&
        (each === OPAQUE || (each.kind === 'bulk' && (isFraction || each.of === 'bytes')))),
  )
}

/** Looks for a pickle, plain, encoded or compressed, in bytes that a pickle holds. */
function lookInside(
  source: ByteSource,
  from: number,
  length: number,
  nesting: number,
  scan: Scan,
): void {
  if (nesting >= DEEPEST_NESTING) return
  const inner = innerPickle(source, from, length, scan.budget)
  if (inner === null) return
  const walk = walkPickle(inner.source, 0, scan, { nesting: nesting + 1 })
  const { outcome, imports, refused, dangerous, calls } = walk
  // words of a text can look like imports: there it must call something dangerous
  const acts = inner.marked ? refused > 0 && imports > 0 : dangerous > 0 && calls > 0
  if (acts) scan.report('pickle-nested-payload', { offset: from })
  else if (inner.marked && outcome.kind === 'stop' && imports > 0) {
    scan.report('pickle-nested', { offset: from })
  }
}

/** The dtype of an array as numpy pickles it: bytes of one item, or null for objects and what is not plain. */
export function itemBytes(dtype: Value | undefined): number | 'objects' | null {
  if (!isCall(dtype) || !isNamed(dtype.callee, 'numpy', 'dtype')) return null
  const [code] = dtype.args
  const [, letter, digits] =
    typeof code === 'string' ? (/^[<>|=]?([a-zA-Z])(\d+)$/.exec(code) ?? []) : []
  if (letter === undefined) return null
  if (letter === 'O') return 'objects'
  const width = Number(digits)
  if (letter === 'U') return width * 4
  return 'biufcSVMma?'.includes(letter) ? width : null
}
