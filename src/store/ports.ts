import type { CacheStore } from '#caches/ports.ts'
import type { DestinationState } from '#kernel/destination.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Result } from '#kernel/result.ts'
import type { EpochMs } from '#kernel/units.ts'
import type { AdmissionStore } from '#models/admission/ports.ts'
import type { BillStore } from '#models/bom/ports.ts'
import type { DataSetStore } from '#models/data-sets/ports.ts'
import type { PolicyStore } from '#policy/ports.ts'
import type { HeldAnswerStore } from '#ledger/content/held-answer.ts'
import type { QuotaStore, WindowStore } from '#quotas/ports.ts'
import type { BudgetStore } from '#budgets/ports.ts'
import type { SignInCodeStore, VouchedSessionStore } from '#identity/oidc/ports.ts'
import type {
  ApplicationStore,
  KeyStore,
  OrganisationStore,
  PersonStore,
  SealedStore,
  SessionStore,
  TeamStore,
} from '#identity/ports.ts'
import type {
  DecisionStore,
  LedgerStore,
  WriterLeases,
  ContentStore,
  EvidenceStore,
  LedgerErasure,
  LedgerIndex,
} from '#ledger/ports.ts'

/** What an administrator decided about one destination, and when. */
export interface DestinationDecision {
  readonly tenant: string
  readonly id: string
  readonly state: DestinationState
  readonly at: EpochMs
  /** Key id, `local` or `system`. */
  readonly by: string
}

/** Where states of destinations are kept; the newest decision counts. */
export interface DestinationStateStore {
  set(decision: DestinationDecision): Promise<void>
  get(tenant: string, id: string): Promise<DestinationDecision | null>
  list(tenant: string): Promise<readonly DestinationDecision[]>
  /** Back to the state that configuration or discovery gives it. */
  remove(tenant: string, id: string): Promise<void>
}

/** One version of a document that decisions refer to: `policy`, `catalogue` ... */
export interface StoredDocument {
  readonly kind: string
  readonly version: string
  readonly json: string
  readonly at: EpochMs
}

/** Where versions are kept, for ever: a decision can be replayed only with the documents it was made by. */
export interface DocumentStore {
  /** Idempotent; refuses `conflict` when the version exists with another text. */
  put(document: StoredDocument): Promise<Result<void, Refusal>>
  get(kind: string, version: string): Promise<StoredDocument | null>
  /** The one stored last. */
  newest(kind: string): Promise<StoredDocument | null>
}

/** A file, and a name for what is in it. */
export interface SharedFile {
  readonly version: string
  readonly bytes: Uint8Array
}

/** Files that every gateway of one database must have. */
export interface SharedFileStore {
  get(name: string): Promise<SharedFile | null>
  /** False, and nothing changed, when the file there is not of the version before (null: when there is one). */
  put(name: string, before: string | null, file: SharedFile): Promise<boolean>
}

/** What other processes on the same database may have changed; a topic is a word such as `keys`. */
export interface Changes {
  /**
   * Calls back when something of a topic was changed by anybody, this process too, usually at once and at most half a second
   * later; `null` when it cannot be told what was. Returns the way to stop. Never called where one process alone writes.
   */
  listen(listener: (topic: string | null) => void): () => void
}

/** Everything that is kept, whatever database is behind it. */
export interface Store {
  readonly ledger: LedgerStore
  readonly decisions: DecisionStore
  readonly index: LedgerIndex
  readonly evidence: EvidenceStore
  readonly erasure: LedgerErasure
  readonly content: ContentStore
  readonly heldAnswers: HeldAnswerStore
  readonly answers: CacheStore
  readonly keys: KeyStore
  readonly sessions: SessionStore
  readonly vouchedSessions: VouchedSessionStore
  readonly signInCodes: SignInCodeStore
  readonly organisations: OrganisationStore
  readonly teams: TeamStore
  readonly people: PersonStore
  readonly applications: ApplicationStore
  readonly sealed: SealedStore
  readonly destinations: DestinationStateStore
  readonly documents: DocumentStore
  readonly files: SharedFileStore
  readonly policies: PolicyStore
  readonly admissions: AdmissionStore
  readonly bills: BillStore
  readonly dataSets: DataSetStore
  readonly quotas: QuotaStore
  readonly quotaWindows: WindowStore
  readonly budgets: BudgetStore
  /** Null where one process alone writes. */
  readonly leases: WriterLeases | null
  readonly changes: Changes
  /** Version of the database program; null: it does not say. */
  version(): Promise<string | null>
  /** The time of the database; null where one process alone writes, so that its own counts. */
  readonly time: (() => Promise<EpochMs>) | null
  /** Runs work while no other process runs work of this name; at once where one process alone writes. */
  alone<T>(name: string, work: () => Promise<T>): Promise<T>
  /** What a database needs now and then so that it stays small, while others go on. Can be stopped anywhere; never within `alone`. */
  tidy(signal?: AbortSignal): Promise<void>
  close(): Promise<void>
}
