import { ParquetWriter, schemaFromColumnData, type Writer } from 'hyparquet-writer'
import { readEvent } from '../read-event.ts'
import { exportLines, type ExportParts } from './export-lines.ts'
import { parquetColumns, type ParquetRow } from './parquet-columns.ts'

/** Where lines go; written and, when asked, on the disk. */
export interface LineSink {
  write(text: string): Promise<void>
}

export interface Exported {
  readonly records: number
  /** There by their hash alone. */
  readonly skipped: number
  readonly checkpoints: number
  /** False when it was stopped: it can go on after its last checkpoint. */
  readonly whole: boolean
}

/** Lines written at once. */
const LINES = 500
/** Rows of one group of a Parquet file. */
const ROWS = 50_000

/** The evidence as JSON lines, which `verify-export.mjs` checks. */
export async function writeJsonl(parts: ExportParts, sink: LineSink): Promise<Exported> {
  const counts = { record: 0, skipped: 0, checkpoint: 0, header: 0, end: 0 }
  let lines: string[] = []
  const flush = async (): Promise<void> => {
    if (lines.length > 0) await sink.write(`${lines.join('\n')}\n`)
    lines = []
  }
  for await (const { kind, text } of exportLines(parts)) {
    counts[kind] += 1
    lines.push(text)
    if (lines.length >= LINES || kind === 'checkpoint') await flush()
  }
  await flush()
  return exported(counts)
}

/** The records as a Parquet file, a column for each thing that is said; checkpoints and keys are in its metadata. */
export async function writeParquet(parts: ExportParts, file: Writer): Promise<Exported> {
  const counts = { record: 0, skipped: 0, checkpoint: 0, header: 0, end: 0 }
  const metadata: string[] = []
  const parquet = new ParquetWriter({
    writer: file,
    schema: schemaFromColumnData({ columnData: parquetColumns([]) }),
    createdBy: 'ecluse',
    kvMetadata: [],
  })
  let rows: ParquetRow[] = []
  const flush = async (): Promise<void> => {
    if (rows.length === 0) return
    await parquet.write({ columnData: parquetColumns(rows), rowGroupSize: ROWS })
    rows = []
  }
  for await (const line of exportLines(parts)) {
    counts[line.kind] += 1
    if (line.kind === 'header' || line.kind === 'checkpoint') metadata.push(line.text)
    if (line.kind !== 'record') continue
    const { record, hash } = line
    rows.push({ record, hash, event: readEvent(record.payload) })
    if (rows.length >= ROWS) await flush()
  }
  await flush()
  parquet.kvMetadata = [{ key: 'ecluse.evidence', value: metadata.join('\n') }]
  await parquet.finish()
  return exported(counts)
}

const exported = (counts: {
  readonly record: number
  readonly skipped: number
  readonly checkpoint: number
  readonly end: number
}): Exported => ({
  records: counts.record,
  skipped: counts.skipped,
  checkpoints: counts.checkpoint,
  whole: counts.end === 1,
})
