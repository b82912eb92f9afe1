import type { ProblemFound } from '../chain-check.ts'
import { hex } from '../hash.ts'
import type { EvidenceStore } from '../ports.ts'
import {
  checkpointHash,
  checkpointMessage,
  NO_CHECKPOINT,
  readCheckpoint,
  rotationMessage,
  type CheckpointBody,
  type CoveredChain,
  type SignedCheckpoint,
  type SigningKey,
} from './checkpoint.ts'
import { MerkleTree } from './merkle.ts'
import { isSignedBy } from './signing.ts'

/** Public keys known from elsewhere; each key that one of them names counts too. Without any, the first stored one is believed. */
export interface Trust {
  readonly keys: readonly Uint8Array[]
}

export interface CheckpointSources {
  readonly evidence?: Pick<EvidenceStore, 'checkpoints' | 'keys'>
  readonly trust?: Trust
  readonly anchored?: () => AsyncIterable<SignedCheckpoint>
}

export interface CheckedCheckpoints {
  readonly problem: ProblemFound | null
  readonly count: number
  readonly last: { readonly number: number; readonly hash: string } | null
  readonly anchoredUpTo: number | null
  /** Writers that a checkpoint, and that one kept outside, speaks of. */
  readonly writers: readonly string[]
  readonly anchoredWriters: readonly string[]
}

/** A stretch and the number of the checkpoint that covers it. */
export interface NumberedCover extends CoveredChain {
  readonly number: number
}

type Problem = ProblemFound['problem']
const problemAt = (number: number, problem: Problem): ProblemFound => ({
  writer: 'checkpoints',
  seq: number,
  id: null,
  problem,
})

/** Signatures, numbers, links and history of all checkpoints, and whether those kept outside are the same. */
export async function checkCheckpoints(sources: CheckpointSources): Promise<CheckedCheckpoints> {
  const accepted = await acceptedKeys(sources)
  const series = new Series(accepted)
  let problem: ProblemFound | null = accepted === null ? problemAt(0, 'wrong-key') : null
  let stored = 0
  let anchoredUpTo: number | null = null
  const anchoredWriters = new Set<string>()
  for await (const pair of pairs(sources)) {
    const { outside, inside } = pair
    if (inside) stored += 1
    const found = series.next(outside ?? inside) ?? mismatch(pair)
    problem ??= found
    if (outside && !found) anchoredUpTo = outside.number
    if (outside) {
      for (const { writer } of readCheckpoint(outside.body)?.chains ?? [])
        anchoredWriters.add(writer)
    }
  }
  const { last, writers } = series
  return {
    problem,
    count: stored,
    last,
    anchoredUpTo,
    writers,
    anchoredWriters: [...anchoredWriters],
  }
}

interface Pair {
  readonly number: number
  readonly inside: SignedCheckpoint | null
  readonly outside: SignedCheckpoint | null
}

/** One that is outside must be inside too, letter by letter. */
function mismatch({ number, inside, outside }: Pair): ProblemFound | null {
  if (!outside) return null
  if (!inside) return problemAt(number, 'missing-checkpoint')
  return inside.body === outside.body ? null : problemAt(number, 'forged-checkpoint')
}

/** What checkpoints say of one chain, in order; what is outside counts where there is both. */
export async function* coveredChains(
  sources: CheckpointSources,
  writer: string,
): AsyncGenerator<NumberedCover, void> {
  for await (const { inside, outside } of pairs(sources)) {
    const one = outside ?? inside
    const body = one && readCheckpoint(one.body)
    const chain = body?.chains.find((covered) => covered.writer === writer)
    if (body && chain) yield { ...chain, number: body.number }
  }
}

/** Both series side by side, by number. */
async function* pairs({ evidence, anchored }: CheckpointSources): AsyncGenerator<Pair, void> {
  const inside = (evidence?.checkpoints(null) ?? nothing())[Symbol.asyncIterator]()
  const outside = (anchored?.() ?? nothing())[Symbol.asyncIterator]()
  let [one, other] = [await inside.next(), await outside.next()]
  let before: SignedCheckpoint | null = null
  while (!one.done || !other.done) {
    const a: SignedCheckpoint | null = one.done ? null : one.value
    const b: SignedCheckpoint | null = other.done ? null : other.value
    // handed out twice: the same again says nothing new
    if (
      b &&
      before &&
      b.number <= before.number &&
      (b.number < before.number || b.body === before.body)
    ) {
      other = await outside.next()
      continue
    }
    const number = Math.min(a?.number ?? Infinity, b?.number ?? Infinity)
    yield {
      number,
      inside: a?.number === number ? a : null,
      outside: b?.number === number ? b : null,
    }
    if (a?.number === number) one = await inside.next()
    if (b?.number === number) {
      before = b
      other = await outside.next()
    }
  }
}

async function* nothing(): AsyncGenerator<SignedCheckpoint, void> {}

/** Keys by which checkpoints may be signed, in hexadecimal; null when those stored do not follow from the trusted ones. */
async function acceptedKeys({ evidence, trust }: CheckpointSources): Promise<Set<string> | null> {
  const stored = (await evidence?.keys()) ?? []
  const trusted = trust?.keys.map(hex) ?? []
  const first = stored[0]
  const accepted = new Set(trusted)
  if (trusted.length === 0 && first) accepted.add(hex(first.key))
  let before: SigningKey | null = null
  for (const key of stored) {
    const follows =
      before === null
        ? key.generation === 1 && key.signature === null
        : key.generation === before.generation + 1 &&
          key.signature !== null &&
          isSignedBy(before.key, rotationMessage(key.generation, key.key), key.signature)
    if (!follows) return null
    if (before && accepted.has(hex(before.key))) accepted.add(hex(key.key))
    before = key
  }
  return stored.every(({ key }) => accepted.has(hex(key))) ? accepted : null
}

/** Checkpoints one after the other, each against the ones before it. */
class Series {
  last: { readonly number: number; readonly hash: string } | null = null
  readonly #accepted: ReadonlySet<string>
  readonly #history = new MerkleTree()
  readonly #ends = new Map<string, number>()
  #records = 0

  constructor(accepted: ReadonlySet<string> | null) {
    this.#accepted = accepted ?? new Set()
  }

  get writers(): readonly string[] {
    return [...this.#ends.keys()]
  }

  /** What is wrong with the next one, or null. */
  next(checkpoint: SignedCheckpoint | null): ProblemFound | null {
    if (!checkpoint) return null
    const number = (this.last?.number ?? 0) + 1
    if (checkpoint.number !== number) {
      this.last = { number: checkpoint.number, hash: hex(checkpointHash(checkpoint.body)) }
      return problemAt(number, 'missing-checkpoint')
    }
    const body = readCheckpoint(checkpoint.body)
    const problem = body ? this.#problemOf(body, checkpoint) : 'forged-checkpoint'
    const hash = checkpointHash(checkpoint.body)
    this.#history.add(hash)
    this.last = { number, hash: hex(hash) }
    for (const { writer, to } of body?.chains ?? []) this.#ends.set(writer, to)
    this.#records = body?.records ?? this.#records
    return problem && problemAt(number, problem)
  }

  #problemOf(body: CheckpointBody, { body: text, signature }: SignedCheckpoint): Problem | null {
    if (!this.#accepted.has(body.key)) return 'wrong-key'
    const key = Buffer.from(body.key, 'hex')
    if (!isSignedBy(key, checkpointMessage(text), signature)) return 'forged-checkpoint'
    const covered = body.chains.reduce((sum, { from, to }) => sum + to - from + 1, 0)
    const holds =
      body.number === (this.last?.number ?? 0) + 1 &&
      body.previous === (this.last?.hash ?? NO_CHECKPOINT) &&
      body.history === hex(this.#history.root()) &&
      body.records === this.#records + covered &&
      body.chains.every(
        ({ writer, from, to }) => from === (this.#ends.get(writer) ?? 0) + 1 && to >= from,
      )
    return holds ? null : 'forged-checkpoint'
  }
}
