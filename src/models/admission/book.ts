import type { AdmissionState } from '#kernel/admission.ts'
import type { AdmissionRow, AdmissionStore } from './ports.ts'
import { readRecord, type AdmissionRecord } from './record.ts'

/** A record with the version that a change of it replaces; null: what is kept cannot be read, and counts against it. */
export interface Kept {
  readonly digest: string
  readonly version: number
  readonly record: AdmissionRecord | null
}

/** Files that hold weights, by their ending; a licence or a vocabulary is many models'. */
const WEIGHTS =
  /\.(?:gguf|ggml|safetensors|bin|pt|pth|ckpt|pkl|onnx|onnx_data|h5|hdf5|keras|npy|npz|pb|tflite|msgpack|llamafile|nemo|mar|engine)$/i

/** All records, held in memory and found by every digest that stands for them. */
export class AdmissionBook {
  readonly #store: AdmissionStore
  #byDigest: ReadonlyMap<string, Kept> = new Map()
  #byAlias: ReadonlyMap<string, Kept> = new Map()
  /** Files with weights of what was revoked. */
  #revoked: ReadonlySet<string> = new Set()

  constructor(store: AdmissionStore) {
    this.#store = store
  }

  /** Reads them again. */
  async read(): Promise<void> {
    this.#use((await this.#store.list()).map(keptOf))
  }

  all(): readonly Kept[] {
    return [...this.#byDigest.values()]
  }

  /** By the digest of the weights, or one that servers have for them. */
  of(digest: string): Kept | null {
    return this.#byDigest.get(digest) ?? this.#byAlias.get(digest) ?? null
  }

  /** Whether weights in a model are bytes that were revoked for good, in whatever company they come. */
  holdsRevoked({ files }: Pick<AdmissionRecord, 'files'>): boolean {
    return this.#revoked.size > 0 && files.some(({ digest }) => this.#revoked.has(digest))
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
    if (isKept) this.#use([keptOf(row)])
    return isKept
  }

  /** Rows that were read before somebody changed them may come in after: a record is never replaced by an older one. */
  #use(kept: readonly Kept[]): void {
    const byDigest = new Map(this.#byDigest)
    for (const one of kept)
      if (one.version >= (byDigest.get(one.digest)?.version ?? 0)) byDigest.set(one.digest, one)
    this.#byDigest = byDigest
    this.#revoked = new Set(
      [...byDigest.values()]
        .flatMap(({ record }) => (record?.state === 'revoked' ? record.files : []))
        .filter(({ path }) => WEIGHTS.test(path))
        .map(({ digest }) => digest),
    )
    // of several that one name of a server stands for, the one that is most against it counts: the last
    const ranked = [...byDigest.values()].toSorted((a, b) => rankOf(a) - rankOf(b))
    this.#byAlias = new Map(
      ranked.flatMap((one) => (one.record?.aliases ?? []).map((alias) => [alias, one])),
    )
  }
}

/** States from what clears most to what stops for good. */
const RANKS: readonly AdmissionState[] = [
  'approved',
  'verified',
  'scanned',
  'quarantined',
  'suspended',
  'revoked',
]

const rankOf = ({ record }: Kept): number => (record === null ? -1 : RANKS.indexOf(record.state))

function keptOf({ digest, version, record: text }: AdmissionRow): Kept {
  const record = readRecord(text)
  // a record under another digest than its own says nothing of either
  return { digest, version, record: record?.digest === digest ? record : null }
}
