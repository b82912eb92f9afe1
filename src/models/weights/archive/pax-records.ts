/** What the records of a pax header say that matters here (POSIX.1-2017 pax, GNU sparse). */
export interface PaxRecords {
  readonly path: string | null
  readonly size: number | null
  /** The name or the layout of the next file is changed in a way that readers do not share. */
  readonly isSparse: boolean
}

/** Reads `length key=value` records by their lengths, as readers do; the last of one key counts. Null when one is wrong. */
export function readPax(body: Buffer): PaxRecords | null {
  const values = new Map<string, string>()
  for (let at = 0; at < body.length && body[at] !== 0;) {
    const space = body.indexOf(0x20, at)
    const length = Number(space < 0 ? Number.NaN : body.toString('latin1', at, space))
    if (!Number.isSafeInteger(length) || length < 5 || at + length > body.length) return null
    const record = body.toString('utf8', space + 1, at + length - 1)
    const equals = record.indexOf('=')
    if (equals < 1 || body[at + length - 1] !== 0x0a) return null
    values.set(record.slice(0, equals), record.slice(equals + 1))
    at += length
  }
  const size = values.get('size')
  if (size !== undefined && !/^\d{1,15}$/.test(size)) return null
  return {
    path: values.get('GNU.sparse.name') ?? values.get('path') ?? null,
    size: size === undefined ? null : Number(size),
    isSparse: [...values.keys()].some((key) => key.startsWith('GNU.sparse.')),
  }
}
