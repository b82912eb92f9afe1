import type { CacheRow, CacheScope } from '#caches/ports.ts'
import type { EngineView } from '#gateway/ports.ts'
import type { Said } from '#cli/terminal.ts'
import type { KeyUse } from '#identity/ports.ts'
import type { Health } from '#kernel/verdict.ts'
import type { LedgerBatch, LedgerHead } from '#ledger/ports.ts'
import type { Catalogue } from '#policy/document.ts'
import type { PoliciesInForce } from '#policy/in-force.ts'
import type { ShadowCount } from '#policy/shadow.ts'
import type { KeyedAsk } from '#quotas/ports.ts'
import type { LeaseGrant } from '#quotas/quota-window.ts'
import type { Quota } from '#quotas/quota.ts'
import type { Observation } from '../telemetry/observation.ts'
import type { OpenCounts } from '../telemetry/watch.ts'
import type { Commitment } from './core.ts'
import type { QuotaChange } from './quotas-admin.ts'
import type { Budget } from '#budgets/budget.ts'
import type { BudgetAnswer, BudgetCall } from './budget-calls.ts'
import type { PackedText } from './keep-content.ts'
import type { PackedConfig } from './packed-config.ts'
import type { PackedAnswer } from './review-desk.ts'

/** What a worker must know to decide; sent whole whenever any of it changes. */
export interface SharedState {
  readonly policies: PoliciesInForce
  readonly catalogue: Catalogue
  readonly health: Health
  readonly engine: EngineView
  readonly recording: 'recording' | 'spooling'
  readonly configuration: string
  /** Words for a caller who came before the model was ready. */
  readonly progress: string
}

/** From the process that holds the data directory to a worker. */
export type ToWorker =
  | {
      readonly kind: 'start'
      /** Name of the worker's own chain in the ledger. */
      readonly writer: string
      readonly head: LedgerHead | null
      readonly config: PackedConfig
      /** How many serve together. */
      readonly workers: number
      readonly port: number
      readonly version: string
      readonly startedAt: number
      readonly state: SharedState
      /** Names this run of the worker where limits are shared out. */
      readonly holder: string
      /** Those that administrators wrote. */
      readonly quotas: readonly Quota[]
      readonly budgets: readonly Budget[]
    }
  /** Other budgets are in force. */
  | { readonly kind: 'budgets'; readonly budgets: readonly Budget[] }
  /** The answer to a call about budgets; null when it failed. */
  | { readonly kind: 'budget-answer'; readonly call: number; readonly answer: BudgetAnswer }
  /** Whether an answer was kept. */
  | { readonly kind: 'hold-answer'; readonly call: number; readonly isKept: boolean }
  | { readonly kind: 'state'; readonly state: SharedState }
  /** A new configuration is in force, with the policy and the catalogue that it means. */
  | { readonly kind: 'config'; readonly config: PackedConfig; readonly state: SharedState }
  /** The company's own terms in the data directory are others: read them again. */
  | { readonly kind: 'own-terms' }
  | { readonly kind: 'appended'; readonly batch: number; readonly how: Commitment }
  /** A key was changed: look it up again at its next use. Null: something that many keys belong to. */
  | { readonly kind: 'forget'; readonly key: string | null }
  /** Answers that were kept are removed. */
  | { readonly kind: 'clear-answers'; readonly scope: CacheScope }
  | { readonly kind: 'quota'; readonly change: QuotaChange }
  /** The answer to asks; null: whoever shares out cannot be reached. */
  | {
      readonly kind: 'leased'
      readonly batch: number
      readonly grants: readonly LeaseGrant[] | null
    }
  | { readonly kind: 'drain'; readonly deadlineMs: number }

/** From a worker to the process that holds the data directory. */
export type ToSupervisor =
  | { readonly kind: 'hello' }
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'failed'; readonly said: Said }
  /** Records, chained already: to be committed as they are. */
  | { readonly kind: 'append'; readonly batch: number; readonly records: LedgerBatch }
  /** Requests that have ended, and how many are open. */
  | { readonly kind: 'seen'; readonly seen: readonly Observation[]; readonly open: OpenCounts }
  /** What a shadow of the policy would have done since the last message. */
  | { readonly kind: 'shadow'; readonly counts: readonly ShadowCount[] }
  | { readonly kind: 'budget-call'; readonly call: number; readonly what: BudgetCall }
  /** An answer that waits for a person, to be sealed and kept. */
  | { readonly kind: 'hold-call'; readonly call: number; readonly what: PackedAnswer }
  /** Texts to be kept, out of a passage of the worker's gate. */
  | { readonly kind: 'keep-text'; readonly text: PackedText }
  /** A sealed answer for the database. */
  | { readonly kind: 'keep-answer'; readonly row: CacheRow }
  | { readonly kind: 'used'; readonly uses: readonly KeyUse[] }
  | { readonly kind: 'lease'; readonly batch: number; readonly asks: readonly KeyedAsk[] }
