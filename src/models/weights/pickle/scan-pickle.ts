import { exactly, sliceOf, type ByteSource } from '../bytes/byte-source.ts'
import type { Scan } from '../scan.ts'
import { skipJoblibArray } from './joblib.ts'
import type { Outcome } from './machine.ts'
import { walkPickle, type WalkOptions } from './walk-pickle.ts'

/** torch/serialization.py MAGIC_NUMBER, as LONG1 writes it. */
const TORCH_MAGIC = '6cfc9c46f9206aa85019'
/** The pickles of torch's older layout: magic number, protocol, system, object, keys of storages. */
const TORCH_PICKLES = 5
/** How far bytes that follow the last pickle are searched for another one. */
const SEARCHED_BYTES = 64 * 1024 * 1024
const CHUNK_BYTES = 1024 * 1024

/** Judges a file of pickles: one after another, torch's older layout, joblib's arrays in between. */
export function scanPickle(
  source: ByteSource,
  scan: Scan,
  options: WalkOptions = {},
): 'pickle' | 'pytorch-legacy' {
  let at = 0
  let count = 0
  let legacy = false
  while (at < source.size) {
    const walk = walkPickle(source, at, scan, {
      ...options,
      torch: options.torch === true || legacy,
      resumeAfterBuild: (target, cursor) =>
        skipJoblibArray(target, cursor, (inner) => {
          const objects = walkPickle(source, inner.at, scan, options)
          inner.seek(objects.outcome.end)
        }),
    })
    if (walk.underflow) scan.report('pickle-underflow', { offset: at })
    const { outcome } = walk
    if (outcome.kind === 'broken') {
      reportBroken(source, at, outcome, count, scan)
      return legacy ? 'pytorch-legacy' : 'pickle'
    }
    legacy ||= count === 0 && isTorchMagic(outcome)
    count += 1
    at = outcome.end
    // what follows the fifth pickle are the tensors, as raw bytes that nothing unpickles
    if (legacy && count === TORCH_PICKLES) return 'pytorch-legacy'
    if (count > 0 && onlyPadding(source, at)) break
  }
  if (legacy) scan.report('pickle-broken', { offset: at })
  return legacy ? 'pytorch-legacy' : 'pickle'
}

const isTorchMagic = (outcome: Outcome): boolean =>
  outcome.kind === 'stop' &&
  typeof outcome.top === 'object' &&
  outcome.top?.kind === 'long' &&
  outcome.top.hex === TORCH_MAGIC

function reportBroken(
  source: ByteSource,
  start: number,
  outcome: Outcome & { readonly kind: 'broken' },
  count: number,
  scan: Scan,
): void {
  if (count === 0) {
    scan.report('pickle-broken', { offset: outcome.offset })
  } else {
    scan.report('pickle-trailing', { offset: start })
  }
  searchPickles(source, Math.max(start + 1, outcome.offset), scan)
}

/** Line ends and zeros after the last pickle, which some writers leave. */
function onlyPadding(source: ByteSource, at: number): boolean {
  const left = source.size - at
  if (left <= 0) return true
  const rest = left <= 64 ? exactly(source, at, left) : null
  return rest?.every((byte) => byte === 0 || byte === 10 || byte === 13) === true
}

/** Looks for further pickles where the order of the file was lost: a loader may be told where to begin. */
export function searchPickles(source: ByteSource, from: number, scan: Scan): void {
  const end = Math.min(source.size, from + SEARCHED_BYTES)
  for (let chunk = from; chunk < end; chunk += CHUNK_BYTES) {
    const bytes = exactly(source, chunk, Math.min(CHUNK_BYTES + 1, source.size - chunk))
    if (bytes === null) return
    for (let found = bytes.indexOf(0x80); found >= 0; found = bytes.indexOf(0x80, found + 1)) {
      const protocol = bytes[found + 1] ?? 0
      if (protocol < 2 || protocol > 5 || found >= CHUNK_BYTES) continue
      probePickle(source, chunk + found, scan)
    }
  }
}

/**
 * Reports a pickle at a place where none should be, if what is there imports anything. In text, words can look like
 * imports: there it must run to its end, or call something dangerous.
 */
export function probePickle(source: ByteSource, at: number, scan: Scan, inText = false): boolean {
  const walk = walkPickle(source, at, scan, { nesting: 3 })
  const { imports, refused } = walk
  const whole = walk.outcome.kind === 'stop' && !walk.underflow
  const acts = inText ? walk.dangerous > 0 && walk.calls > 0 : refused > 0
  const isOne = imports > 0 && (whole || acts)
  // walked again to name what it imports; chance makes a plausible import once in a very long while
  if (isOne) walkPickle(sliceOf(source, at, source.size - at), 0, scan, { torch: true })
  return isOne
}
