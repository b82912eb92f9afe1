import { inMemory, sliceOf, type ByteSource } from '../bytes/byte-source.ts'
import type { Cursor } from '../bytes/cursor.ts'
import type { Scan } from '../scan.ts'
import { judgeGlobal, isPlausible } from './globals.ts'
import { Machine, type Listener, type OpcodePlace, type Outcome } from './machine.ts'
import { isCall, isGlobal, isNamed, type Called, type Value } from './value.ts'

/** Types that TorchScript compiles from the archive's own code, which is a finding of its own; Python imports none. */
const COMPILED = '__torch__.'
/** Pickles inside the data of pickles that are followed. */
const DEEPEST_NESTING = 3
/** A held text that is tried as base64, bytes. */
const LONGEST_ENCODED = 1024 * 1024

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
    persistentId: (at) => {
      if (nesting === 0 && options.torch !== true) scan.report('pickle-persistent-id', at)
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
  const calls =
    callee.name === '_rebuild_from_type_v2' ||
    (callee.name === '_reconstructor' && callee.module.startsWith('copy'))
  if (calls && !isGlobal(args[0])) {
    scan.report('pickle-argument', at, `${callee.module}.${callee.name}`)
  }
}

/** Looks for a pickle, plain or in base64, in bytes that a pickle holds. */
function lookInside(
  source: ByteSource,
  from: number,
  length: number,
  nesting: number,
  scan: Scan,
): void {
  if (nesting >= DEEPEST_NESTING) return
  const head = Buffer.from(source.read(from, 8))
  const inner = innerPickle(source, from, length, head)
  if (inner === null) return
  const { outcome, imports, refused } = walkPickle(inner, 0, scan, { nesting: nesting + 1 })
  if (refused > 0 && imports > 0) scan.report('pickle-nested-payload', { offset: from })
  else if (outcome.kind === 'stop' && imports > 0) scan.report('pickle-nested', { offset: from })
}

function innerPickle(
  source: ByteSource,
  from: number,
  length: number,
  head: Buffer,
): ByteSource | null {
  if (head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 9) <= 5) {
    return sliceOf(source, from, length)
  }
  if (/^gA[I-X]/.test(head.toString('latin1')) && length <= LONGEST_ENCODED) {
    const text = Buffer.from(source.read(from, length)).toString('latin1')
    return /^[A-Za-z0-9+/_=\s-]+$/.test(text) ? inMemory(Buffer.from(text, 'base64')) : null
  }
  // protocols 0 and 1 have no mark; most payloads of theirs begin with an import
  if (
    /^\(?c(?:os|posix|nt|sys|builtins|__builtin__|subprocess)\n/.test(head.toString('latin1')) ||
    /^c__bu|^cbuilt|^csubpr|^cposix/.test(head.toString('latin1'))
  ) {
    return sliceOf(source, from, length)
  }
  return null
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
