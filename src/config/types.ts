import type { CompanyProfile } from '#models/licences/profile.ts'
import type { CacheSettings } from '#caches/settings.ts'
import type { PolicySource, SettledPolicy } from './policy-section.ts'
import type { Budget } from '#budgets/budget.ts'
import type { ClassEdits } from '#classify/class-edits.ts'
import type { Destination, Zone } from '#kernel/destination.ts'
import type { DataClass } from '#kernel/label.ts'
import type { EnergyRow } from '#economics/energy.ts'
import type { ExchangeRate, PriceRow } from '#economics/price.ts'
import type { Milliseconds } from '#kernel/units.ts'
import type { Quota } from '#quotas/quota.ts'
import type { ConfigProblem } from './problems.ts'
import type { SignInSettings } from './sign-in-section.ts'
import type { TokenIssuerSettings } from '#identity/jwt/settings.ts'
import type { Secret } from './secret.ts'

export interface ListenAddress {
  /** A name or an address, IPv6 without brackets. */
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
}

export interface TlsSettings {
  readonly certPath: string
  readonly keyPath: string
  /** PEM, chain included. */
  readonly cert: string
  /** PEM. */
  readonly key: Secret
}

export interface EngineSettings {
  readonly enabled: boolean
  /** Name of the model loaded first. */
  readonly model: string
  /** Tokens of context each answer may use. */
  readonly context: number
  /** Answers written at the same time. */
  readonly parallel: number
  /** Requests that may wait; more are refused. */
  readonly queue: number
  /** Models kept in memory at the same time. */
  readonly maxLoaded: number
  /** Processor threads; null lets the engine choose. */
  readonly threads: number | null
}

/** How weights are admitted and fetched. */
export interface ModelSettings {
  /** Who approves has neither brought nor verified them. */
  readonly needsTwoPersons: boolean
  readonly recheckBeforeLoad: 'whole' | 'quick'
  /** Between two times that all weights are read again; null: never. */
  readonly recheckMs: Milliseconds | null
  readonly hub: string
  /** For private and gated repositories of the Hub. */
  readonly hubToken: Secret | null
  readonly ollamaRegistry: string
  /** Houses whose signed approvals count here when a model is imported. */
  readonly trustedHouses: readonly {
    readonly name: string
    /** PEM. */
    readonly publicKey: string
    readonly accepts: 'verified' | 'approved'
  }[]
  /** Where Python packages are looked for: before pip where somebody named it, else after it. */
  readonly pythonIndex: string | null
  /** Files in which the login of a registry is looked for, in order. */
  readonly registryLogins: readonly string[]
}

export interface Limits {
  readonly bodyBytes: number
  /** Levels of nesting of a JSON body. */
  readonly depth: number
  /** Time that open answers get when the gateway stops. */
  readonly drainMs: Milliseconds
}

export interface DestinationTimeouts {
  readonly connectMs: Milliseconds
  /** From the request sent to the first byte of the answer. */
  readonly firstByteMs: Milliseconds
  /** Between two pieces of an answer. */
  readonly idleMs: Milliseconds
  /** From the request sent to the last byte; null: no limit. */
  readonly totalMs: Milliseconds | null
}

/** Of all processes that serve together. */
export interface DestinationLimits {
  readonly concurrent: number
  /** Requests that may wait for a place. */
  readonly queue: number
  /** Null: as long as the caller stays. */
  readonly queueMs: Milliseconds | null
}

export interface BreakerSettings {
  /** Answers below which nothing is concluded. */
  readonly requests: number
  /** 0 to 1. */
  readonly failedShare: number
  readonly openMs: Milliseconds
}

export interface RetrySettings {
  /** Times that one request is sent in all. */
  readonly attempts: number
  /** Share of requests that may be repeated, 0 to 1. */
  readonly budgetShare: number
}

export interface HedgeSettings {
  /** Share of answers that have come by then, 0 to 1; null: the fixed time alone. */
  readonly share: number | null
  /** Null: nothing is hedged while too few answers are known. */
  readonly afterMs: Milliseconds | null
}

export interface OtlpSettings {
  /** Base address, without a trailing slash. */
  readonly endpoint: string
  /** By lower-case name; the values are credentials. */
  readonly headers: ReadonlyMap<string, Secret>
  /** Share of requests that are traced, 0 to 1. */
  readonly sampleRatio: number
  readonly serviceName: string
}

export interface TelemetrySettings {
  /** Opens `/metrics` and nothing else. */
  readonly metricsKey: Secret | null
  /** Null: nothing is sent. */
  readonly otlp: OtlpSettings | null
}

/** PEM; null: the authorities of the system, and no certificate of our own. */
export interface DatabaseTls {
  readonly ca: string | null
  readonly cert: string | null
  readonly key: Secret | null
}

export interface DatabaseSettings {
  /** `postgresql://user:password@host:port/database`. */
  readonly url: Secret
  /** Of this process. */
  readonly connections: number
  /** Null: in clear, on this machine or because the address says so. */
  readonly tls: DatabaseTls | null
}

/** What models cost and draw, in whole numbers of the smallest units. */
export interface PriceSettings {
  readonly rows: readonly PriceRow[]
  readonly exchange: readonly ExchangeRate[]
  readonly energy: readonly EnergyRow[]
}

export interface AlertSettings {
  /** Null: thresholds are noted and told to nobody. */
  readonly webhook: { readonly url: string; readonly secret: Secret; readonly zone: Zone } | null
}

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export const PROFILES = ['default', 'strict-eu'] as const
export type Profile = (typeof PROFILES)[number]

/** The whole configuration: plain data, checked, every default filled in. */
export interface Config {
  /** The data directory, absolute. */
  readonly home: string
  readonly listen: ListenAddress
  /** Host names the gateway answers for, besides the address it listens on; lower case. */
  readonly hosts: readonly string[]
  readonly tls: TlsSettings | null
  /** Addresses and CIDR blocks of the proxies in front. */
  readonly trustedProxies: readonly string[]
  readonly profile: Profile
  /** Class of a text without findings. */
  readonly floor: DataClass
  /** ISO 3166-1 countries; groups such as EU already expanded. */
  readonly jurisdictions: readonly string[]
  /** Those of the file, then the vendors seen through the environment (state `listed`). */
  readonly destinations: readonly Destination[]
  /** By destination id; a destination without one is asked without a key. */
  readonly credentials: ReadonlyMap<string, Secret>
  /** By destination id: the variable that the key of a listed vendor was found in. */
  readonly vendorVariables: ReadonlyMap<string, string>
  /** By destination id, for those of the file; others use DEFAULT_TIMEOUTS. */
  readonly timeouts: ReadonlyMap<string, DestinationTimeouts>
  /** By destination id, where the file says something; others use DEFAULT_PLACE_LIMITS. */
  readonly destinationLimits: ReadonlyMap<string, DestinationLimits>
  /** By destination id, where the file says something; others use DEFAULT_MODEL_BREAKER. */
  readonly breakers: ReadonlyMap<string, BreakerSettings>
  readonly engine: EngineSettings
  readonly models: ModelSettings
  /** Look for model servers on local ports and vendor keys in the environment. */
  readonly discover: boolean
  readonly limits: Limits
  readonly retries: RetrySettings
  /** Null: never two destinations at a time. */
  readonly hedge: HedgeSettings | null
  readonly quotas: readonly Quota[]
  readonly policy: SettledPolicy
  /** Whether versions put through the admin API count before it. */
  readonly policySource: PolicySource
  /** Files besides the configuration that rules come from, absolute. */
  readonly policyFiles: readonly string[]
  /** What findings mean where it is not as by default; null: the default table. */
  readonly classes: ClassEdits | null
  /** Null: the file in the data directory. */
  readonly database: DatabaseSettings | null
  readonly prices: PriceSettings
  /** Those of the file; administrators may have made others. */
  readonly budgets: readonly Budget[]
  readonly alerts: AlertSettings
  readonly log: { readonly level: LogLevel }
  readonly telemetry: TelemetrySettings
  readonly evidence: EvidenceSettings
  readonly content: ContentSettings
  /** What the company says of itself, for the licences of models. */
  readonly company: CompanyProfile
  readonly cache: CacheSettings
  readonly signIn: SignInSettings
  /** Whose tokens callers may present instead of a key. */
  readonly tokenIssuers: readonly TokenIssuerSettings[]
  /** Counts only while no administrator exists. */
  readonly bootstrapKey: Secret | null
  /** Root of all derived keys, in place of `master.key`. */
  readonly masterKey: Secret | null
  readonly warnings: readonly ConfigProblem[]
}

/** A place outside that gets every checkpoint. */
export type AnchorSettings =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'url'; readonly url: string; readonly key: Secret | null }

/** How long what records say is kept. */
export interface RetentionSettings {
  readonly decisionMs: Milliseconds
  readonly classMs: ReadonlyMap<DataClass, Milliseconds>
  readonly otherMs: Milliseconds
  /** Whole records; null: for ever. */
  readonly recordMs: Milliseconds | null
}

export interface EvidenceSettings {
  readonly checkpointMs: Milliseconds
  readonly anchors: readonly AnchorSettings[]
  readonly retention: RetentionSettings
}

/** Which texts may be kept, under a key of the caller's or the person's. */
export interface ContentSettings {
  readonly keep: 'nothing' | 'requests'
  readonly per: 'key' | 'subject'
  readonly upTo: DataClass
  readonly keepMs: Milliseconds
}

/** What the command line may override; absent means not given. */
export interface ConfigFlags {
  readonly config?: string | undefined
  readonly home?: string | undefined
  readonly listen?: string | undefined
  readonly floor?: string | undefined
  readonly profile?: string | undefined
  readonly discover?: boolean | undefined
  readonly logLevel?: string | undefined
}

/** Variables of the environment, by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A file's bytes with its permission bits (null where the system has none). */
export interface FileContent {
  readonly bytes: Uint8Array
  readonly mode: number | null
}
