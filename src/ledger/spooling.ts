import type { Milliseconds } from '#kernel/units.ts'
import type { LedgerBatch, LedgerSink } from './ports.ts'
import { readSpoolLine, spoolLine } from './spool-line.ts'

/** Lines on this machine's own disk. */
export interface SpoolFile {
  /** Adds a line; on the disk when it resolves. @throws when the disk is full, or the spool has all the room it may take */
  append(line: string): Promise<void>
  /** Every whole line from the beginning, as far as it goes now. */
  lines(): AsyncIterable<string>
  /** Forgets all lines, durably. */
  clear(): Promise<void>
  /** 0 when there is no line. */
  bytes(): number
  close(): Promise<void>
}

export interface SpoolingParts {
  /** Where batches belong. @throws when the database is away */
  readonly append: (batch: LedgerBatch) => void | Promise<void>
  readonly file: SpoolFile
  readonly after: (delay: Milliseconds, run: () => void) => void
  /** Monotonic. */
  readonly now: () => Milliseconds
  /** Calls back when the database goes away, and when it is back and has everything. */
  readonly onChange: (isAway: boolean) => void
}

export interface Spooling extends LedgerSink {
  append(batch: LedgerBatch): Promise<void | 'spooled'>
  /** Whether batches are kept here because the database is away. */
  isAway(): boolean
  close(): Promise<void>
}

/** Failures in a row, of any chain, before the database counts as away: a restart is waited for. */
const TRIES = 4
/** A database that did not even refuse for so long is not waited for again: those who ask wait with it. */
const SILENT: Milliseconds = 2000
/** How often an absent database is asked again. */
const PROBE: Milliseconds = 500

/**
 * Sends batches to the database while it answers. While it does not, they are kept in a file, in order, and sent as soon
 * as it is back; only then do new ones go straight to it again.
 */
export function createSpooling({ append, file, after, now, onChange }: SpoolingParts): Spooling {
  let isAway = false
  let isClosed = false
  let failures = 0
  /** Lines of the file that the database has. */
  let sent = 0
  /** One use of the file after the other. */
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work)
    last = next.catch(() => {})
    return next
  }

  const straight = async (batch: LedgerBatch): Promise<void> => {
    const begun = now()
    try {
      await append(batch)
      failures = 0
    } catch (error) {
      failures += now() - begun < SILENT ? 1 : TRIES
      if (failures < TRIES || isClosed) throw error
      if (isAway) return
      isAway = true
      sent = 0
      onChange(true)
      after(PROBE, probe)
    }
  }

  const probe = (): void => {
    if (isClosed) return
    replay().then(
      () => onChange(false),
      () => after(PROBE, probe),
    )
  }

  /** @throws when the database is still away */
  const replay = async (): Promise<void> => {
    for (;;) {
      let at = 0
      for await (const line of file.lines()) {
        at += 1
        if (at <= sent) continue
        const batch = readSpoolLine(line)
        if (batch) await append(batch)
        sent = at
      }
      const isDone = await inTurn(async () => {
        let lines = 0
        for await (const _ of file.lines()) lines += 1
        if (lines > sent) return false
        await file.clear()
        isAway = false
        failures = 0
        return true
      })
      if (isDone) return
    }
  }

  return {
    async append(batch) {
      if (!isAway) {
        await straight(batch)
        if (!isAway) return
      }
      return inTurn(async () => {
        // it may have come back while this one waited for its turn
        if (!isAway) return straight(batch)
        await file.append(spoolLine(batch))
        return 'spooled' as const
      })
    },
    isAway: () => isAway,
    async close() {
      isClosed = true
      await last
      await file.close()
    },
  }
}
