import { ok } from '#kernel/result.ts'
import { AdmissionBook } from './book.ts'
import { companyKey } from './company-key.ts'
import { AdmissionDesk, type DeskParts, type ToldStep } from './desk.ts'
import type { AdmissionRow, AdmissionStore } from './ports.ts'
import type { RecordedScan } from './record.ts'
import type { Manifest } from '../store/manifest.ts'

export const KEY = companyKey(new Uint8Array(48).fill(7))
export const START = 1_800_000_000_000

export const ADA = { by: 'key-ada', person: 'ada' }
export const BOB = { by: 'key-bob', person: 'bob' }

/** A model of the store; `digest` repeats one digit. */
export const manifest = (digit: string, over: Partial<Manifest> = {}): Manifest => ({
  name: `model-${digit}`,
  aliases: [],
  digest: digit.repeat(64),
  bytes: 10,
  format: 'gguf',
  files: [],
  aliasDigests: [],
  attested: false,
  source: { kind: 'file', reference: 'model.gguf' },
  pulledAt: '2026-11-01T00:00:00.000Z',
  architecture: 'llama',
  parameters: 1,
  quantisation: null,
  contextTokens: 10,
  licence: null,
  openness: null,
  ...over,
})

export const scanned = (over: Partial<RecordedScan> = {}): RecordedScan => ({
  scanner: '1',
  at: START,
  verdict: 'clean',
  servable: true,
  needs: [],
  findings: [],
  templates: [],
  ...over,
})

/** A store in memory, with the rule that a version is given once. */
export function memoryAdmissions(): AdmissionStore & { rows: Map<string, AdmissionRow> } {
  const rows = new Map<string, AdmissionRow>()
  return {
    rows,
    list: () => Promise.resolve([...rows.values()]),
    get: (digest) => Promise.resolve(rows.get(digest) ?? null),
    put(row) {
      const isNext = (rows.get(row.digest)?.version ?? 0) === row.version - 1
      if (isNext) rows.set(row.digest, row)
      return Promise.resolve(isNext)
    },
  }
}

/** A desk whose clock, scanner and disk are the test's. */
export function openDesk(over: Partial<DeskParts> = {}) {
  const store = memoryAdmissions()
  const book = new AdmissionBook(store)
  const steps: ToldStep[] = []
  const time = { now: START }
  const parts: DeskParts = {
    book,
    key: KEY,
    now: () => time.now,
    pinned: new Set(),
    needsTwoPersons: () => false,
    evidence(step) {
      steps.push(step)
      return Promise.resolve(ok(undefined))
    },
    blob: (digest) => `/nowhere/${digest}`,
    isIntact: () => Promise.resolve(true),
    scan: () => Promise.resolve(scanned()),
    licence: () => Promise.resolve(null),
    changed: () => Promise.resolve(),
    ...over,
  }
  return { desk: new AdmissionDesk(parts), book, store, steps, time, parts }
}
