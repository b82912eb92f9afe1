import { createReadStream, existsSync, renameSync, truncateSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import type { LedgerQuery } from '#ledger/ports.ts'
import type { Exported } from '#ledger/export/write-export.ts'
import {
  textOption,
  type Context,
  type EvidenceReader,
  type ExitCode,
  type Parsed,
} from '../command.ts'
import { Filters } from './filters.ts'

/** `audit export`: into a file that can be checked without this program. One that was stopped goes on where it stood. */
export async function exportEvidence(
  args: Parsed,
  { terminal }: Context,
  evidence: EvidenceReader,
): Promise<ExitCode> {
  const path = textOption(args, 'output')
  const format = z.enum(['jsonl', 'parquet']).default('jsonl').safeParse(args.values['format'])
  const filters = Filters.omit({ limit: true }).safeParse(args.values)
  if (path === undefined || !format.success || !filters.success) {
    terminal.note(
      'ecluse audit export --format jsonl|parquet [--since T] [--until T] [--class C] ... -o FILE',
    )
    return 3
  }
  const stopping = new AbortController()
  process.once('SIGINT', () => stopping.abort())
  const parts = {
    ledger: evidence,
    evidence: evidence.signed,
    query: filters.data,
    signal: stopping.signal,
  }
  const partial = `${path}.part`
  const { writeJsonl, writeParquet } = await import('#ledger/export/write-export.ts')
  let done: Exported
  if (format.data === 'parquet') {
    const { fileWriter } = await import('hyparquet-writer')
    done = await writeParquet(parts, fileWriter(partial))
  } else {
    const after = await resumed(partial, filters.data)
    const file = await open(partial, after === 0 ? 'w' : 'a', 0o600)
    try {
      done = await writeJsonl({ ...parts, after }, { write: (text) => file.appendFile(text) })
      await file.sync()
    } finally {
      await file.close()
    }
  }
  if (done.whole) renameSync(partial, path)
  if (terminal.json) terminal.out(JSON.stringify({ ...done, path: done.whole ? path : partial }))
  else {
    terminal.out(
      terminal.say({
        en: `${done.records} records, ${done.skipped} more by their hash, ${done.checkpoints} checkpoints: ${done.whole ? path : `stopped, ${partial}`}`,
        fr: `${done.records} enregistrements, ${done.skipped} autres par leur empreinte, ${done.checkpoints} points de contrôle : ${done.whole ? path : `arrêté, ${partial}`}`,
      }),
    )
  }
  return done.whole ? 0 : 2
}

/** Cuts an unfinished file after its last checkpoint and gives that one's number; 0: it begins anew. */
async function resumed(partial: string, query: LedgerQuery): Promise<number> {
  if (!existsSync(partial)) return 0
  let [number, kept, at, isSame] = [0, 0, 0, false]
  for await (const text of createInterface({ input: createReadStream(partial) })) {
    at += Buffer.byteLength(text) + 1
    if (!text.endsWith('}')) continue
    if (text.startsWith('{"filter"') || text.includes('"kind":"header"')) {
      isSame = JSON.stringify(JSON.parse(text).filter) === JSON.stringify(sorted(query))
      if (!isSame) return 0
    }
    if (!text.endsWith('}') || !text.includes('"kind":"checkpoint"')) continue
    number = z.object({ number: z.number() }).parse(JSON.parse(JSON.parse(text).body)).number
    kept = at
  }
  if (number > 0) truncateSync(partial, kept)
  return number
}

const sorted = (query: LedgerQuery): object =>
  Object.fromEntries(Object.entries(query).toSorted(([a], [b]) => (a < b ? -1 : 1)))
