import type { EngineView as VersionedEngine } from '#models/vulnerabilities/view.ts'
import type { ImportedIndexes } from '#models/openness-index/index-file.ts'
import type { StackComponent } from '#models/stack/stack.ts'
import type { Known } from '#models/vulnerabilities/known.ts'
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
import type { Health } from '#kernel/verdict.ts'
import type { Masking } from '#pipeline/masking.ts'
import type { Reply } from '#pipeline/ports.ts'
import type { Gate } from '#policy/gate.ts'
import type { SurfaceRequest } from '#protocols/surface.ts'
import type { LedgerEvent } from '#ledger/event.ts'
import type { DecisionRow, OutcomeView } from '#ledger/decision-row.ts'
import type { LedgerPage, LedgerQuery } from '#ledger/ports.ts'
import type {
  BillsAdmin,
  DataSetsAdmin,
  OwnTermsAdmin,
  ModelsAdmin,
  QuotasAdmin,
  BudgetAdmin,
  CachesAdmin,
  PolicyAdmin,
  CredentialAdmin,
  ReviewAdmin,
  EvidenceAdmin,
  ReloadProblem,
} from './admin-ports.ts'

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

/** What texts are, and why. */
export interface Labelled {
  readonly label: Label
  readonly findings: readonly Finding[]
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
  /** Asks every engine of our own for its version, and says what is known against it. */
  readonly engines: () => Promise<{
    readonly engines: readonly VersionedEngine[]
    readonly known: Known
  }>
  /** Asks the same, and puts everything that runs in its layer. */
  readonly stack: () => Promise<{
    readonly engines: readonly VersionedEngine[]
    readonly components: readonly StackComponent[]
  }>
  /** What was imported of public indexes of openness, as it is now. */
  readonly indexes: () => Promise<ImportedIndexes>
  readonly bills: BillsAdmin
  readonly dataSets: DataSetsAdmin
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
