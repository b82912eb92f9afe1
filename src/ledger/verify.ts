import { ChainCheck, type ProblemFound } from './chain-check.ts'
import { checkCheckpoints, coveredChains, type Trust } from './evidence/check-checkpoints.ts'
import type { SignedCheckpoint } from './evidence/checkpoint.ts'
import { GENESIS, hex } from './hash.ts'
import type { StoredRecord } from './event.ts'
import type { EvidenceStore, LedgerHead, LedgerStore } from './ports.ts'

export type { LedgerProblem, ProblemFound } from './chain-check.ts'

/** A head noted outside the database; `hash` in lower-case hexadecimal. */
export interface Checkpoint {
  readonly writer: string
  readonly seq: number
  readonly hash: string
}

export interface VerifyOptions {
  /** Heads noted outside. */
  readonly heads?: readonly Checkpoint[]
  /** Signed checkpoints: those of the database, which keys may sign them, and those that were kept outside. */
  readonly evidence?: Pick<EvidenceStore, 'checkpoints' | 'keys'>
  readonly trust?: Trust
  readonly anchored?: () => AsyncIterable<SignedCheckpoint>
  /** Number of a checkpoint: what it and those before it cover is not read again. */
  readonly since?: number
  /** Told after every so many records. */
  readonly progress?: (records: number) => void
  readonly signal?: AbortSignal
  /** Given every record that is read. */
  readonly each?: (record: StoredRecord) => Promise<void>
}

export interface VerifyReport {
  readonly ok: boolean
  /** Records looked at. */
  readonly records: number
  /** Records whose payload was erased: their leaf is checked by the chain, their content cannot be. */
  readonly erased: number
  /** Records taken out behind a checkpoint, which vouches for what the chain goes on from. */
  readonly removed: number
  readonly firstProblem: ProblemFound | null
  /** Where each chain ends: keep these outside to be able to tell a truncation later. */
  readonly heads: readonly Checkpoint[]
  /** Writers whose end was compared with something from outside. For all others, records cut off together with the noted head cannot be told from records never written. */
  readonly anchored: readonly string[]
  /** Signed checkpoints looked at, the last one's number and hash, and the last one that was also found outside. */
  readonly checkpoints: {
    readonly count: number
    readonly last: { readonly number: number; readonly hash: string } | null
    readonly anchoredUpTo: number | null
  }
  /** It was stopped before its end: nothing was found so far. */
  readonly interrupted: boolean
}

/** Records between two tellings of progress. */
const PROGRESS = 10_000

/** Reads every chain once, in constant memory, and names the first record that is not as it was written. */
export async function verifyLedger(
  store: Pick<LedgerStore, 'heads' | 'walk'>,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const noted = options.heads ?? []
  const checked = await checkCheckpoints(options)
  const heads = await store.heads()
  const known = new Set(heads.map(({ writer }) => writer))
  const gone = [...noted.map(({ writer }) => writer), ...checked.writers].filter(
    (writer) => !known.has(writer),
  )
  const chains: ChainCheck[] = []
  const erasures = new Set<string>()
  let records = 0
  let interrupted = false
  for (const head of [...heads, ...[...new Set(gone)].map(emptyHead)]) {
    const chain = new ChainCheck(head.writer, noted, coveredChains(options, head.writer))
    chains.push(chain)
    await chain.begin(options.since ?? 0)
    for await (const walked of store.walk(head.writer, chain.seq + 1)) {
      await chain.add(walked)
      if (options.each && walked.record) await options.each(walked.record)
      const removal = removalIn(walked.record?.type === 'erasure' ? walked.record.payload : null)
      if (removal) erasures.add(removal)
      records += 1
      if (records % PROGRESS === 0) options.progress?.(records)
      if (options.signal?.aborted) interrupted = true
      if (interrupted) break
    }
    if (interrupted) break
    await chain.finish(head)
  }
  if (!interrupted && !options.since) {
    for (const chain of chains) chain.requireRemoval(erasures)
  }
  const firstProblem = chains.find(({ problem }) => problem)?.problem ?? checked.problem
  return {
    ok: firstProblem === null && !interrupted,
    records: chains.reduce((sum, chain) => sum + chain.records, 0),
    erased: chains.reduce((sum, chain) => sum + chain.erased, 0),
    removed: chains.reduce((sum, chain) => sum + chain.removed, 0),
    firstProblem,
    heads: chains.map(({ writer, seq, hash }) => ({ writer, seq, hash: hex(hash) })),
    anchored: [...new Set([...noted.map(({ writer }) => writer), ...checked.anchoredWriters])],
    checkpoints: {
      count: checked.count,
      last: checked.last,
      anchoredUpTo: checked.anchoredUpTo,
    },
    interrupted,
  }
}

const emptyHead = (writer: string): LedgerHead => ({ writer, seq: 0, hash: GENESIS })

/** The end of the stretch that an event says was taken out, as `writer seq`; null for any other event. */
function removalIn(payload: string | null): string | null {
  if (payload === null) return null
  const event: unknown = JSON.parse(payload)
  if (typeof event !== 'object' || event === null) return null
  const { scope, subject, seq } = event as Readonly<Record<string, unknown>>
  return scope === 'segment' ? `${String(subject)} ${String(seq)}` : null
}
