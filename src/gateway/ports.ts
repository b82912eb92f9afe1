import type { QueuedAlert } from '#budgets/alert.ts'
import type { BudgetState } from '#budgets/clerk.ts'
import type { Changed, OwnChange } from '#classify/own-terms/change-own.ts'
import type { CacheCounts } from '#caches/answer-tallies.ts'
import type { OwnDocument, OwnPattern, TermList } from '#classify/own-terms/own-terms.ts'
import type { Directory } from '#identity/directory.ts'
import type { Keys } from '#identity/keys.ts'
import type {
  BeginAsked,
  Begun,
  FinishAsked,
  Finished,
  Redeemed,
  SignInFailure,
} from '#identity/oidc/sign-in.ts'
import type { OpenedSession, Sessions } from '#identity/sessions.ts'
import type { Caller, Exchange } from '#kernel/exchange.ts'
import type { Finding, Label } from '#kernel/label.ts'
import type { Language } from '#kernel/refusal-messages.ts'
import type { Refusal, RefusalCode } from '#kernel/refusal.ts'
import type { Result } from '#kernel/result.ts'
import type { TextPart } from '#kernel/text-part.ts'
import type { Clock, NewId } from '#kernel/ports.ts'
import type { EpochMs, Milliseconds } from '#kernel/units.ts'
import type { DestinationState } from '#kernel/destination.ts'
import type { Choice, Health } from '#kernel/verdict.ts'
import type { BudgetRowFile } from '#config/budget-schema.ts'
import type { EnergyRate } from '#economics/energy.ts'
import type { Price, PriceRow } from '#economics/price.ts'
import type { GivenProof } from '#models/admission/attest.ts'
import type { AdmissionRecord, RecordedException } from '#models/admission/record.ts'
import type { AdmissionRowView, AdmissionView } from '#models/admission/view.ts'
import type { Masking } from '#pipeline/masking.ts'
import type { HeldQuery, HeldRow, HeldState } from '#ledger/content/held-answer.ts'
import type { HeldContent, Reply } from '#pipeline/ports.ts'
import type { PolicyOrder } from '#policy/change-policy.ts'
import type { Gate } from '#policy/gate.ts'
import type { PolicyChange, PolicyHistoryQuery, ShareKind } from '#policy/ports.ts'
import type { ShadowCount } from '#policy/shadow.ts'
import type { Quota } from '#quotas/quota.ts'
import type { QuotaUsage } from '#quotas/usage.ts'
import type { SurfaceRequest } from '#protocols/surface.ts'
import type { LedgerEvent } from '#ledger/event.ts'
import type { DecisionRow, OutcomeView } from '#ledger/decision-row.ts'
import type { RecordProof } from '#ledger/evidence/prove.ts'
import type { LedgerPage, LedgerQuery, RollupQuery, RollupRow, RollupTop } from '#ledger/ports.ts'

/** Who may come in. */
export interface Identity {
  authenticate(presented: string | undefined, address: string): Promise<Result<Caller, Refusal>>
  openSession(presented: string, address: string): Promise<Result<OpenedSession, Refusal>>
  resolveSession(cookieValue: string, address: string): Promise<Result<Caller, Refusal>>
  closeSession(cookieValue: string): Promise<void>
  /** Calls `end` when the caller may not go on with what runs; returns how to stop. */
  follow(caller: Caller, end: (refusal: Refusal) => void): () => void
  readonly keys: Keys
  readonly directory: Directory
  readonly sessions: Pick<Sessions, 'list'>
  /** Ends somebody's session, as evidence first. */
  endSession(actor: Caller, id: string): Promise<Result<void, Refusal>>
}

/** Sign-in with an identity provider. */
export interface SignInDesk {
  /** Scheme, host and port that people open; null: what their browser says. */
  url(): string | null
  providers(): readonly { readonly id: string; readonly name: string }[]
  begin(asked: BeginAsked): Promise<Result<Begun, Refusal>>
  finish(asked: FinishAsked): Promise<Result<Finished, SignInFailure>>
  /** The key that a command line's code stands for, once. */
  redeem(
    asked: { readonly code: string; readonly verifier: string; readonly name: string },
    address: string,
  ): Promise<Result<Redeemed, Refusal>>
  /** Ends what a provider vouched for; where the browser ends it there too, or null. */
  leave(
    what: { readonly cookieValue: string } | { readonly keyId: string },
    returnTo: string,
  ): Promise<string | null>
  /** By a logout token of the provider. */
  leaveByToken(provider: string, token: string): Promise<Result<void, Refusal>>
}

export interface EngineView {
  readonly state: 'absent' | 'pulling' | 'starting' | 'ready' | 'failed' | 'disabled'
  readonly model: string | null
  readonly progress: { readonly done: number; readonly total: number | null } | null
  /** Why it failed, a stable code. */
  readonly problem: string | null
}

export type LiveEvent =
  | { readonly kind: 'decision'; readonly row: DecisionRow }
  | { readonly kind: 'outcome'; readonly decision: string; readonly outcome: OutcomeView }

/** Who asks, told from what they present; all that the data plane needs of identity. */
export type Callers = Pick<Identity, 'authenticate' | 'resolveSession' | 'follow'>

/** The stages of a request in their order; each ends where the next one begins. */
export type Stage = 'auth' | 'read' | 'classify' | 'decide' | 'record' | 'commit' | 'first-byte'

/** What is known of a request when it arrives. */
export interface Arrival {
  readonly request: string
  /** The path as the route is written; null when no route was met. */
  readonly route: string | null
  /** The header of that name, unread. */
  readonly traceparent: string | readonly string[] | undefined
}

/** Follows one request from its arrival to its end; told ids, codes and figures, never content. */
export interface RequestWatch {
  /** A stage ends now. */
  mark(stage: Stage): void
  /** The body has been read, which ends that stage. */
  read(surface: string, stream: boolean, bytes: number): void
  /** A decision or an outcome was recorded, under the id of the decision. */
  recorded(event: LedgerEvent, id: string): void
  /** The whole answer is a refusal. */
  refused(code: RefusalCode): void
  /** The stages so far, as a `server-timing` header tells them; the first byte goes out now. */
  timing(): string
  /** It ended with this HTTP status; only the first call counts. */
  ended(status: number): void
}

/** All that the data plane needs from the rest of the house; a worker process has this and no more. */
export interface DataHouse {
  readonly version: string
  readonly startedAt: EpochMs
  readonly clock: Clock
  readonly newId: NewId
  readonly identity: Callers
  readonly gate: Gate
  readonly health: () => Health
  readonly engine: () => EngineView
  /** `spooling`: the database is away, and only what may go on without evidence elsewhere does. */
  readonly recording: () => 'recording' | 'spooling'
  /** Digest of the configuration in force: gateways that stand for each other have the same. */
  readonly configuration: () => string
  readonly serve: (
    exchange: Exchange,
    request: SurfaceRequest,
    reply: Reply,
    signal: AbortSignal,
    watch: RequestWatch | null,
  ) => Promise<void>
  /** Starts to follow a request; null when nobody watches. */
  readonly watch: (arrival: Arrival) => RequestWatch | null
  readonly log: (
    level: 'info' | 'warn' | 'error',
    line: Readonly<Record<string, string | number | null>>,
  ) => void
}

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
  /** The company's signature over approved weights; null where they are not approved. */
  signature(id: string): Promise<string | null>
  /** The company's public key, PEM. */
  key(): { readonly publicKey: string; readonly fingerprint: string }
  /** Takes note of a model of the store, and scans it. */
  bring(name: string, caller: Caller): Promise<Result<AdmissionRecord, Refusal>>
  scan(id: string, caller: Caller): Promise<Result<AdmissionRecord, Refusal>>
  /** Reads every byte again, scans, and takes note of who vouches for them. */
  admit(id: string, proof: GivenProof, caller: Caller): Promise<Result<AdmissionRecord, Refusal>>
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

/** What texts are, and why. */
export interface Labelled {
  readonly label: Label
  readonly findings: readonly Finding[]
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

/** What the admin API and the page need besides: the process that holds the data directory has it. */
export interface GatewayHouse extends DataHouse {
  readonly identity: Identity
  readonly signIn: SignInDesk
  /** Counts somebody who was turned away at a door that is none of a model. */
  readonly turnedAway: (code: RefusalCode, door: 'admin' | 'sign-in') => void
  /** Small texts here and now; large ones on threads, so that they delay nobody. */
  readonly classify: (parts: readonly TextPart[]) => Labelled | Promise<Labelled>
  /** How values are masked, for those who want to see it. */
  readonly masking: Masking
  readonly explainFinding: (finding: Finding, language: Language) => string
  readonly decisions: (query: LedgerQuery) => Promise<Result<LedgerPage<DecisionRow>, Refusal>>
  /** Null for one of another organisation. */
  readonly decision: (id: string, tenant: string) => Promise<DecisionRow | null>
  /** Calls back for every committed decision and outcome of an organisation; returns how to stop. */
  readonly live: (tenant: string, listener: (event: LiveEvent) => void) => () => void
  readonly setDestination: (
    id: string,
    state: DestinationState,
    actor: string,
  ) => Promise<Result<void, Refusal>>
  /** How many requests a destination gets, of all processes that serve together. */
  readonly limitsOf: (destination: string) => {
    readonly concurrent: number
    readonly queue: number
    /** Longest wait for a place; null: as long as the caller stays. */
    readonly queueMs: Milliseconds | null
  }
  readonly metrics: {
    /** Whether this is the key of the scraper, which opens nothing else. */
    readonly isKey: (presented: string) => boolean
    readonly scrape: () => Promise<{ readonly type: string; readonly text: string }>
  }
  /** Reads the configuration again and applies what has changed. */
  readonly reload: (actor: string, language: Language) => Promise<Result<Reloaded, Refusal>>
  readonly ownTerms: OwnTermsAdmin
  readonly evidence: EvidenceAdmin
  readonly reviews: ReviewAdmin
  readonly caches: CachesAdmin
  readonly quotas: QuotasAdmin
  readonly models: ModelsAdmin
  readonly policy: PolicyAdmin
  readonly budgets: BudgetAdmin
  readonly credentials: CredentialAdmin
  readonly page: () => PageFiles
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

/** What came of reading the configuration again. */
export interface Reloaded {
  /** refused: the file is wrong, and everything stays as it was. */
  readonly outcome: 'applied' | 'unchanged' | 'refused'
  /** Sections that are in force from now on. */
  readonly applied: readonly string[]
  /** Sections that changed in the file and wait for a restart. */
  readonly restart: readonly string[]
  readonly problems: readonly ReloadProblem[]
  readonly policyVersion: string
  readonly catalogueVersion: string
}

/** What is wrong in a configuration; never the value at fault. */
export interface ReloadProblem {
  readonly code: string
  /** `ecluse.yaml:12:5 destinations[0].url` */
  readonly where: string
  readonly message: string
  readonly remedy: string
}

export interface PageFile {
  readonly bytes: Uint8Array
  readonly type: string
  /** The name holds a digest of the content. */
  readonly immutable: boolean
}

/** The built web page by URL path, or what it is waiting for. */
export type PageFiles =
  | { readonly state: 'ready'; readonly files: ReadonlyMap<string, PageFile> }
  | { readonly state: 'building' }
  | { readonly state: 'absent' }

export interface GatewaySettings {
  /** Host names this gateway answers for, lower case, without port. */
  readonly hosts: ReadonlySet<string>
  readonly bodyBytes: number
  readonly depth: number
  /** Serves cookies with the Secure attribute. */
  readonly secure: boolean
  /** Addresses and blocks of proxies whose word about the caller counts; `all` on a socket that only we can reach. */
  readonly trustedProxies: readonly string[] | 'all'
}
