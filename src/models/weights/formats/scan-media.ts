import { exactly, type ByteSource } from '../bytes/byte-source.ts'
import type { Scan } from '../scan.ts'

/** The name under which pyarrow before 14.0.1 unpickled what a file says of a column (CVE-2023-47248). */
const PYTHON_TYPE = 'arrow.py_extension_type'
/** Schemas stand at one end of the file or the other. */
const SEARCHED_BYTES = 8 * 1024 * 1024
/** Parquet keeps Arrow's schema in base64, behind its name, a mark and a length, which may look like letters too. */
const SCHEMA_KEY = 'ARROW:schema'
const LONGEST_MARK = 8
const MOST_SCHEMAS = 64
const ENCODED = /[A-Za-z0-9+/]{16,}={0,2}/y

/** Judges tables of Arrow and Parquet by their schemas; pictures, sounds and papers are not judged. */
export function scanMedia(source: ByteSource, scan: Scan): string {
  const mark = exactly(source, 0, Math.min(6, source.size))?.toString('latin1') ?? ''
  const isParquet = mark.startsWith('PAR1')
  if (!isParquet && mark !== 'ARROW1') return 'media'
  const length = Math.min(SEARCHED_BYTES, source.size)
  for (const start of new Set([0, source.size - length])) {
    const text = Buffer.from(source.read(start, length)).toString('latin1')
    const encoded = encodedSchemas(text)
    if ([text, ...encoded].some((each) => each.includes(PYTHON_TYPE))) {
      scan.report('arrow-python-type', {}, PYTHON_TYPE)
    }
  }
  return isParquet ? 'parquet' : 'arrow'
}

function encodedSchemas(text: string): readonly string[] {
  const found: string[] = []
  for (let at = text.indexOf(SCHEMA_KEY); at >= 0; at = text.indexOf(SCHEMA_KEY, at + 1)) {
    for (let skipped = 0; skipped <= LONGEST_MARK; skipped++) {
      ENCODED.lastIndex = at + SCHEMA_KEY.length + skipped
      const run = ENCODED.exec(text)?.[0]
      if (run !== undefined) found.push(Buffer.from(run, 'base64').toString('latin1'))
    }
    if (found.length > MOST_SCHEMAS) break
  }
  return found
}
