import type { DataClass } from '#kernel/label.ts'
import type { Clock } from '#kernel/ports.ts'
import type { EpochMs, Milliseconds } from '#kernel/units.ts'
import type { StoredRecord } from './event.ts'
import { readCheckpoint } from './evidence/checkpoint.ts'
import type { EvidenceStore, LedgerErasure, LedgerStore } from './ports.ts'
import { readEvent } from './read-event.ts'
import { timeOfId } from './tally.ts'
import type { LedgerWriter } from './writer.ts'

/** How long what records say is kept; null: for ever. */
export interface Retention {
  readonly decisionMs: Milliseconds
  readonly classMs: ReadonlyMap<DataClass, Milliseconds>
  readonly otherMs: Milliseconds
  readonly recordMs: Milliseconds | null
}

export interface RetainParts {
  readonly ledger: Pick<LedgerStore, 'heads' | 'walk' | 'byId'>
  readonly erasure: LedgerErasure
  readonly evidence: EvidenceStore
  readonly record: Pick<LedgerWriter, 'append'>
  readonly clock: Clock
  readonly settings: Retention
  readonly tenant: string
  readonly signal?: AbortSignal
}

/** Records erased in one statement, and taken out in one. */
const ERASED = 500
const REMOVED = 5000
/** What tells of keys, checkpoints and erasures is what the rest is checked by: it stays. */
const FOR_GOOD: ReadonlySet<StoredRecord['type']> = new Set([
  'checkpoint',
  'signing-key',
  'erasure',
])
/** Times of one chain rise, but for what clocks of one machine are set back. */
const CLOCK_SLACK: Milliseconds = 3_600_000

/** Erases what is past its time, then takes out whole records that a checkpoint outside vouches for. Can be stopped and begun again anywhere. */
export async function retain(parts: RetainParts): Promise<void> {
  for (const { writer } of await parts.ledger.heads()) {
    await eraseChain(parts, writer)
    await removeSegment(parts, writer)
    if (parts.signal?.aborted) return
  }
}

/** The event comes before the first erasure of a run: what is gone is always told of. */
async function eraseChain(parts: RetainParts, writer: string): Promise<void> {
  const { ledger, erasure, clock, signal, settings } = parts
  const now = clock()
  const youngest = now - shortestOf(settings)
  let batch: { seq: number; leaf: Uint8Array }[] = []
  let firstKept: number | null = null
  let isTold = false
  let last = await erasure.erasedUpTo(writer)
  const flush = async (): Promise<boolean> => {
    if (batch.length > 0) {
      isTold ||= await tell(parts, 'retention', writer, null, null)
      if (!isTold) return false
      await erasure.erase(writer, batch)
    }
    batch = []
    await erasure.setErasedUpTo(writer, (firstKept ?? last + 1) - 1)
    return true
  }
  for await (const { seq, record } of ledger.walk(writer, last + 1)) {
    if (!record || signal?.aborted || record.at > youngest + CLOCK_SLACK) break
    if (record.payload !== null && !FOR_GOOD.has(record.type)) {
      if (await isPast(parts, record, now)) batch.push({ seq, leaf: record.leaf })
      else firstKept ??= seq
    }
    last = seq
    if (batch.length >= ERASED && !(await flush())) return
  }
  await flush()
}

const shortestOf = ({ decisionMs, classMs, otherMs }: Retention): Milliseconds =>
  Math.min(decisionMs, otherMs, ...classMs.values())

async function isPast(
  { settings, ledger }: RetainParts,
  record: StoredRecord,
  now: EpochMs,
): Promise<boolean> {
  if (record.type !== 'decision' && record.type !== 'outcome') {
    return record.at <= now - settings.otherMs
  }
  const decided = record.type === 'decision' ? record : await decisionOf(ledger, record.id)
  const event = readEvent(decided?.payload ?? null)
  // the outcome of a decision that is erased says nothing by itself
  const keptMs =
    event?.type === 'decision'
      ? (settings.classMs.get(event.class) ?? settings.decisionMs)
      : shortestOf(settings)
  return timeOfId(record.id) <= now - keptMs
}

const decisionOf = async (ledger: RetainParts['ledger'], id: string) =>
  (await ledger.byId(id)).find(({ type }) => type === 'decision')

/** Takes records out up to the newest checkpoint that every record before is past its time and that has been handed out. */
async function removeSegment(parts: RetainParts, writer: string): Promise<void> {
  const { settings, evidence, erasure, clock, signal } = parts
  if (settings.recordMs === null) return
  const before = clock() - settings.recordMs
  let end: { readonly seq: number; readonly number: number } | null = null
  for await (const { number, body } of evidence.checkpoints(1)) {
    const read = readCheckpoint(body)
    if (!read || read.at > before) break
    const chain = read.chains.find((one) => one.writer === writer)
    if (chain) end = { seq: chain.to, number }
  }
  if (!end || !(await hasRecordsUpTo(parts, writer, end.seq))) return
  if (!(await tell(parts, 'segment', writer, end.seq, end.number))) return
  for (;;) {
    const removed = await erasure.removeUpTo(writer, end.seq, REMOVED)
    if (removed === 0 || signal?.aborted) return
  }
}

async function hasRecordsUpTo(
  { ledger }: RetainParts,
  writer: string,
  seq: number,
): Promise<boolean> {
  for await (const first of ledger.walk(writer, 1)) return first.seq <= seq
  return false
}

/** Leaves a record of what is about to go; false when it could not be kept, and then nothing goes. */
async function tell(
  { record, clock, tenant }: RetainParts,
  scope: 'retention' | 'segment',
  subject: string,
  seq: number | null,
  checkpoint: number | null,
): Promise<boolean> {
  const until = clock()
  const told = record.append(
    { type: 'erasure', v: 1, actor: 'system', scope, subject, until, seq, checkpoint },
    { tenant },
  )
  return told.ok && (await told.value.durable).ok
}
