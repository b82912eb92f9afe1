import type { AdmissionRow, AdmissionStore } from './ports.ts'
import { readRecord, type AdmissionRecord } from './record.ts'

/** A record with the version that a change of it replaces; null: what is kept cannot be read, and counts against it. */
export interface Kept {
  readonly digest: string
  readonly version: number
  readonly record: AdmissionRecord | null
}

/** All records, held in memory and found by every digest that stands for them. */
export class AdmissionBook {
  readonly #store: AdmissionStore
  #byDigest: ReadonlyMap<string, Kept> = new Map()
  #byAlias: ReadonlyMap<string, Kept> = new Map()

  constructor(store: AdmissionStore) {
    this.#store = store
  }

  /** Reads them again. */
  async read(): Promise<void> {
    const kept = (await this.#store.list()).map(keptOf)
    this.#use(kept)
  }

  all(): readonly Kept[] {
    return [...this.#byDigest.values()]
  }

  /** By the digest of the weights, or one that servers have for them. */
  of(digest: string): Kept | null {
    return this.#byDigest.get(digest) ?? this.#byAlias.get(digest) ?? null
  }

  /** As it is kept now, whoever changed it last. */
  async fresh(digest: string): Promise<Kept | null> {
    const row = await this.#store.get(digest)
    return row && keptOf(row)
  }

  /** False when somebody else was first. */
  async put(record: AdmissionRecord, before: number): Promise<boolean> {
    const row = {
      digest: record.digest,
      version: before + 1,
      record: JSON.stringify(record),
    }
    const isKept = await this.#store.put(row)
    if (isKept)
      this.#use([...this.all().filter(({ digest }) => digest !== row.digest), keptOf(row)])
    return isKept
  }

  #use(kept: readonly Kept[]): void {
    this.#byDigest = new Map(kept.map((one) => [one.digest, one]))
    this.#byAlias = new Map(
      kept.flatMap((one) => (one.record?.aliases ?? []).map((alias) => [alias, one])),
    )
  }
}

function keptOf({ digest, version, record: text }: AdmissionRow): Kept {
  const record = readRecord(text)
  // a record under another digest than its own says nothing of either
  return { digest, version, record: record?.digest === digest ? record : null }
}
