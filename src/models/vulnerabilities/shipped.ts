import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { readOsv } from './import/osv.ts'
import type { VulnerabilityRecord } from './record.ts'

const File = z.strictObject({
  retrieved: z.iso.date(),
  /** What an attacker has to reach, in words. */
  exposures: z.record(z.string(), z.string()),
  sources: z.record(z.string(), z.looseObject({ name: z.string(), retrieved: z.iso.date() })),
  rows: z.array(z.unknown()),
})

let read:
  | { readonly retrieved: string; readonly records: readonly VulnerabilityRecord[] }
  | undefined

/** The flaws that come with the product, in the form of OSV; read once. @throws when a row is wrong: a test reads them all. */
export function shippedVulnerabilities(): NonNullable<typeof read> {
  const text = (): string =>
    readFileSync(new URL('./vulnerabilities.json', import.meta.url), 'utf8')
  read ??= parsed(JSON.parse(text()))
  return read
}

function parsed(value: unknown): NonNullable<typeof read> {
  const { retrieved, rows } = File.parse(value)
  const records = rows.flatMap((row) => {
    const found = readOsv(row, { source: 'shipped', retrieved })
    if (found === null || found.others > 0) throw new TypeError('a shipped row is no record')
    return found.found
  })
  return { retrieved, records }
}
