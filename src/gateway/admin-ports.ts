// What the admin API does with the rooms behind it, an interface for each.
import type { QueuedAlert } from '#budgets/alert.ts'
import type { BudgetState } from '#budgets/clerk.ts'
import type { Changed, OwnChange } from '#classify/own-terms/change-own.ts'
import type { CacheCounts } from '#caches/answer-tallies.ts'
import type { OwnDocument, OwnPattern, TermList } from '#classify/own-terms/own-terms.ts'
import type { JsonObject } from '#kernel/canonical-json.ts'
import type { Caller } from '#kernel/exchange.ts'
import type { Language } from '#kernel/refusal-messages.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Result } from '#kernel/result.ts'
import type { EpochMs } from '#kernel/units.ts'
import type { Choice } from '#kernel/verdict.ts'
import type { BudgetRowFile } from '#config/budget-schema.ts'
import type { EnergyRate } from '#economics/energy.ts'
import type { Price, PriceRow } from '#economics/price.ts'
import type { GivenProof } from '#models/admission/attest.ts'
import type { AdmissionRecord, RecordedException } from '#models/admission/record.ts'
import type { Brought } from '#models/admission/signed-record.ts'
import type { AdmissionRowView, AdmissionView } from '#models/admission/view.ts'
import type { LicenceTask } from '#models/licences/duties.ts'
import type { CycloneDxVersion } from '#models/bom/cyclonedx.ts'
import type { BillRow, BillThen } from '#models/bom/history.ts'
import type { DataSet, DataSetFields } from '#models/data-sets/data-set.ts'
import type { Inventory } from '#models/bom/inventory.ts'
import type { HeldQuery, HeldRow, HeldState } from '#ledger/content/held-answer.ts'
import type { HeldContent } from '#pipeline/ports.ts'
import type { PolicyOrder } from '#policy/change-policy.ts'
import type { PolicyChange, PolicyHistoryQuery, ShareKind } from '#policy/ports.ts'
import type { ShadowCount } from '#policy/shadow.ts'
import type { Quota } from '#quotas/quota.ts'
import type { QuotaUsage } from '#quotas/usage.ts'
import type { RecordProof } from '#ledger/evidence/prove.ts'
import type { RollupQuery, RollupRow, RollupTop } from '#ledger/ports.ts'

/** What the company has told of itself, and the way to change it. */
export interface OwnTermsAdmin {
  /** Names, meanings and counts, never what is looked for; null when it cannot be read. */
  view(): {
    readonly version: string
    readonly lists: readonly TermList[]
    readonly patterns: readonly Omit<OwnPattern, 'source'>[]
    readonly documents: readonly OwnDocument[]
  } | null
  /** Recorded as evidence, then kept, then in force everywhere. Problems are told in this language. */
  change(
    change: OwnChange,
    actor: string,
    language: Language,
  ): Promise<Result<Omit<Changed, 'data'>, Refusal>>
}

/** Who may send how much, and the way to change it. */
export interface QuotasAdmin {
  /** Those of the configuration file and those of this organisation, by id. */
  list(tenant: string): readonly Quota[]
  get(tenant: string, id: string): Quota | null
  /** Recorded as evidence, then kept, then in force everywhere; `conflict` for one of the file. */
  put(tenant: string, quota: Quota, actor: string): Promise<Result<void, Refusal>>
  /** Many at once, each id once: all of them or none. Those that are in force already are left alone. */
  putAll(
    tenant: string,
    quotas: readonly Quota[],
    actor: string,
  ): Promise<Result<{ readonly written: number; readonly unchanged: number }, Refusal>>
  remove(tenant: string, id: string, actor: string): Promise<Result<void, Refusal>>
  /** What has been used of it, by whom it counts. */
  usage(quota: Quota): Promise<readonly QuotaUsage[]>
}

/** Weights, where they stand, and the steps of their admission: each is evidence first. `id`: a name or a digest. */
export interface ModelsAdmin {
  list(): Promise<readonly AdmissionRowView[]>
  /** Null when there are no such weights. */
  get(id: string): Promise<AdmissionRowView | AdmissionView | null>
  /** What the licences of the models here ask of the company now. */
  tasks(): Promise<readonly LicenceTask[]>
  /** One NOTICE for all models here. */
  notice(): Promise<string>
  /** The company's signature over approved weights; null where they are not approved. */
  signature(id: string): Promise<string | null>
  /** The company's public key, PEM. */
  key(): { readonly publicKey: string; readonly fingerprint: string }
  /** Takes note of a model of the store, and scans it. */
  bring(name: string, caller: Caller): Promise<Result<AdmissionRecord, Refusal>>
  scan(id: string, caller: Caller): Promise<Result<AdmissionRecord, Refusal>>
  /** Reads every byte again, scans, and takes note of who vouches for them. */
  admit(id: string, proof: GivenProof, caller: Caller): Promise<Result<AdmissionRecord, Refusal>>
  /** What is recorded of weights, signed for another house, with the company's signature over them. */
  signedRecord(
    id: string,
  ): Promise<{ readonly record: string; readonly bundle: string | null } | null>
  /** Takes the approval of another house as evidence: of one that the configuration trusts, or whose key is given. */
  accept(
    id: string,
    given: Brought & { readonly trustKey?: string | undefined },
    caller: Caller,
  ): Promise<Result<AdmissionRecord, Refusal>>
  approve(
    id: string,
    reason: string | null,
    caller: Caller,
  ): Promise<Result<AdmissionRecord, Refusal>>
  stop(
    id: string,
    state: 'suspended' | 'revoked',
    reason: string,
    caller: Caller,
  ): Promise<Result<AdmissionRecord, Refusal>>
  except(
    id: string,
    given: Pick<RecordedException, 'kinds' | 'reason' | 'expiresAt'>,
    caller: Caller,
  ): Promise<Result<AdmissionRecord, Refusal>>
}

/** Budgets and prices, as administrators see and change them. */
export interface BudgetAdmin {
  list(tenant: string): Promise<readonly BudgetState[]>
  state(tenant: string, id: string): Promise<BudgetState | null>
  /** Recorded as evidence, then kept, then in force everywhere; those of the file are changed there. */
  put(row: BudgetRowFile, by: Pick<Caller, 'tenant' | 'keyId'>): Promise<Result<void, Refusal>>
  remove(id: string, by: Pick<Caller, 'tenant' | 'keyId'>): Promise<Result<void, Refusal>>
  /** The price in force; null: unknown. */
  priceOf(choice: Pick<Choice, 'destination' | 'model'>): Price | null
  energyOf(destination: string, model: string): EnergyRate | null
  priceRows(): readonly PriceRow[]
  alerts(tenant: string, limit: number): Promise<readonly QueuedAlert[]>
}

/** Answers that are kept. */
export interface CachesAdmin {
  /** Counts of this process since it started; answers and bytes of this organisation, or of this process's memory. */
  stats(tenant: string): Promise<CacheCounts & { readonly answers: number; readonly bytes: number }>
  /** Removes those of one key, or of the organisation; recorded first. */
  clear(
    by: Pick<Caller, 'tenant' | 'keyId'>,
    key: string | null,
  ): Promise<Result<{ readonly answers: number }, Refusal>>
}

/** Which policy is in force, and where it comes from. */
export interface PolicyView {
  readonly source: 'file' | 'store'
  /** `file`: nothing can be put here. */
  readonly setting: 'file' | 'store'
  /** Of the stored version in force; null: that of the file is. */
  readonly number: number | null
  /** What decisions quote. */
  readonly version: string
  readonly rules: number
  readonly fileVersion: string
  readonly staged: {
    readonly number: number | null
    readonly version: string
    /** Percent. */
    readonly share: number
    readonly by: ShareKind
  } | null
  readonly shadow: { readonly number: number | null; readonly version: string } | null
  readonly changedAt: EpochMs | null
  readonly changedBy: string | null
}

/** What came of a change of the policy. */
export type PolicyChanged =
  | {
      readonly kind: 'changed'
      readonly number: number
      /** Null where no text came with it. */
      readonly version: string | null
    }
  /** The document cannot be put in force. */
  | { readonly kind: 'refused'; readonly problems: readonly Omit<ReloadProblem, 'code'>[] }

/** Versions of the policy, and the way to change them. */
export interface PolicyAdmin {
  view(): PolicyView
  /** What the shadow would have done with the requests since it was put, as this gateway counted them. */
  differences(): readonly ShadowCount[]
  history(query: PolicyHistoryQuery): Promise<readonly PolicyChange[]>
  get(number: number): Promise<PolicyChange | null>
  /** Recorded as evidence, then kept, then in force everywhere. `document`: a text, or the number of a version. */
  change(
    order: PolicyOrder,
    of: {
      readonly actor: string
      readonly reason: string
      readonly document: string | number | null
      readonly language: Language
    },
  ): Promise<Result<PolicyChanged, Refusal>>
}

/** Credentials of destinations that were given here; none of them is ever shown. */
export interface CredentialAdmin {
  list(): readonly {
    readonly id: string
    readonly at: EpochMs
    /** Key id of who set it. */
    readonly by: string
    /** False when what is stored cannot be opened: it was changed from outside. */
    readonly readable: boolean
  }[]
  set(actor: Caller, id: string, value: string): Promise<Result<void, Refusal>>
  /** From then on the one of the configuration counts, if it has one. */
  remove(actor: Caller, id: string): Promise<Result<void, Refusal>>
}

/** Answers that wait for a person, and what is decided about them. */
export interface ReviewAdmin {
  list(query: HeldQuery): Promise<readonly HeldRow[]>
  /** What it says; that it was read is evidence. Never for who asked, nor beyond what the reader's key may see. */
  read(
    id: string,
    caller: Caller,
  ): Promise<Result<{ readonly row: HeldRow; readonly content: HeldContent }, Refusal>>
  /** Recorded as evidence first; `conflict` when somebody has decided already. */
  decide(
    id: string,
    caller: Caller,
    given: {
      readonly state: Exclude<HeldState, 'waiting'>
      /** What the caller gets instead; null: what was held. */
      readonly text: string | null
      readonly reason: string | null
    },
  ): Promise<Result<HeldRow, Refusal>>
  /** For who asked: the whole answer once it is released, null before and when it was refused. */
  fetch(
    id: string,
    caller: Caller,
  ): Promise<Result<{ readonly row: HeldRow; readonly body: string | null }, Refusal>>
}

/** What administrators and auditors do with the evidence beside reading decisions. */
export interface EvidenceAdmin {
  checkpoints(
    from: number,
    limit: number,
  ): Promise<readonly { readonly body: string; readonly signature: string }[]>
  keys(): Promise<
    readonly {
      readonly generation: number
      readonly key: string
      readonly signature: string | null
    }[]
  >
  prove(id: string, tenant: string): Promise<readonly RecordProof[]>
  rotate(
    actor: string,
  ): Promise<Result<{ readonly generation: number; readonly key: string }, Refusal>>
  /** Forgets a key or a person: texts that were kept, and with `events` what decisions of the key say. */
  erase(order: {
    readonly scope: 'key' | 'subject'
    readonly subject: string
    readonly events: boolean
    readonly actor: string
    readonly tenant: string
  }): Promise<Result<{ readonly texts: number; readonly records: number }, Refusal>>
  /** The texts that were kept of a request; that they were read is evidence. */
  content(id: string, actor: string, tenant: string): Promise<Result<readonly string[], Refusal>>
  rollups(query: RollupQuery): Promise<readonly RollupRow[]>
  tops(query: RollupQuery, limit: number): Promise<readonly RollupTop[]>
}

/** What is wrong in a configuration; never the value at fault. */
export interface ReloadProblem {
  readonly code: string
  /** `ecluse.yaml:12:5 destinations[0].url` */
  readonly where: string
  readonly message: string
  readonly remedy: string
}

export interface BillFilter {
  /** Inclusive and exclusive. */
  readonly since?: EpochMs | undefined
  readonly until?: EpochMs | undefined
  readonly gateway?: string | undefined
  /** Id of the last one of the page before. */
  readonly after?: string | undefined
  readonly limit: number
}

/** The register of the company's own data sets. */
export interface DataSetsAdmin {
  /** By name and version. */
  all(): Promise<readonly DataSet[]>
  /** By `name@version`; one that is there already, and says something else, is only replaced where that is asked for. */
  put(
    id: string,
    fields: DataSetFields,
    replaces: boolean,
    actor: string,
  ): Promise<Result<{ readonly dataSet: DataSet; readonly isNew: boolean }, Refusal>>
  remove(id: string, actor: string): Promise<Result<void, Refusal>>
}

/** Bills of materials of what runs, and of what ran. */
export interface BillsAdmin {
  /** Everything that a bill is made from; null where the product's own packages are not to be found. */
  inventory(): Promise<Inventory | null>
  now(version: CycloneDxVersion): Promise<JsonObject | null>
  /** Keeps the one of now, where it says something else than the one before. */
  keep(actor: string): Promise<Result<{ readonly isNew: boolean }, Refusal>>
  /** Newest first, with what became of each. */
  list(filter: BillFilter): Promise<{
    readonly bills: readonly BillRow[]
    readonly next: string | null
  }>
  /** The newest one from before a time, or that of one record. */
  at(
    when: { readonly before: EpochMs } | { readonly id: string },
    gateway: string | undefined,
  ): Promise<Result<BillThen, Refusal>>
}
