import type { Category, DataClass } from './label.ts'
import type { EuroPerMillionTokens } from './units.ts'

/** Where a model runs, from nearest to farthest: this machine, the company's own, a managed open-model platform, a proprietary API. */
export const ZONES = ['device', 'on-prem', 'managed', 'api'] as const
export type Zone = (typeof ZONES)[number]

/** Own zones never need the evidence committed before the bytes move. */
export const isOwnZone = (zone: Zone): boolean => zone === 'device' || zone === 'on-prem'

/** What a model is asked for. */
export const TASKS = ['chat', 'embeddings', 'rerank', 'moderations'] as const
export type ModelTask = (typeof TASKS)[number]

/** What a request of a surface asks a model to do, by the name the evidence has of it. */
export function taskOfSurface(surface: string): ModelTask {
  if (surface === 'openai-embeddings' || surface === 'ollama-embed') return 'embeddings'
  if (surface === 'rerank') return 'rerank'
  return surface === 'openai-moderations' ? 'moderations' : 'chat'
}

/** Who answers for weights: the company approved them; their bytes were checked against a digest or a signature; nobody. */
export const WEIGHTS_STANDINGS = ['approved', 'verified', 'unverified'] as const
export type WeightsStanding = (typeof WEIGHTS_STANDINGS)[number]

/** Why weights may serve nothing: `checking` passes by itself, the others until somebody does something. */
export const WEIGHTS_STOPS = [
  'checking',
  'quarantined',
  'suspended',
  'revoked',
  'changed',
  'exception-missing',
  'licence-blocked',
] as const
export type WeightsStop = (typeof WEIGHTS_STOPS)[number]

/** here: read on this machine. reported: the server says their digest. configured: the configuration does. */
export const ATTESTATIONS = ['here', 'reported', 'configured'] as const
export type Attestation = (typeof ATTESTATIONS)[number]

/** Zone is a property of the model: one server may run some models here and forward others. */
export interface ServedModel {
  /** The name callers use. */
  readonly name: string
  /** Other names callers may use. */
  readonly aliases?: readonly string[]
  /** The name the destination knows it by. */
  readonly upstream: string
  /** The one thing it does, where that is known; absent is unknown. */
  readonly task?: ModelTask
  /** Overrides the destination's zone. */
  readonly zone?: Zone
  readonly price?: { readonly input: EuroPerMillionTokens; readonly output: EuroPerMillionTokens }
  readonly tokensPerSecond?: number
  readonly contextTokens?: number
  /** SPDX identifier or a custom licence id. */
  readonly licence?: string
  /** 1 (closed) to 6 (everything open). */
  readonly openness?: number
  /** Whether somebody answers for the weights that run there: checked against a digest or a signature. Absent: not known. */
  readonly weights?: WeightsStanding
  /** Why its weights may serve nothing at all, whatever the policy; absent: they may. */
  readonly stopped?: WeightsStop
  /** SHA-256 of the weights, or of their list of files, in hexadecimal. */
  readonly digest?: string
  /** How it is known that these weights run there; absent where nobody says which they are. */
  readonly attested?: Attestation
  /** The highest CVSS base score, 0 to 10, of what is known against the engine that runs it. Absent: nobody looked. */
  readonly cvss?: number
  /** What the company's own measure says of its answers, 0 to 100. */
  readonly quality?: number
  /** Watt-hours per million tokens of an answer. */
  readonly energy?: number
}

/** enabled: the policy may use it. discovered: found on a local port, clearance public until trusted. listed: a vendor seen through the environment; `auto` skips it. disabled: never used. */
export type DestinationState = 'enabled' | 'discovered' | 'listed' | 'disabled'

export type DestinationAddress =
  | { readonly kind: 'url'; readonly baseUrl: string }
  | { readonly kind: 'socket'; readonly path: string }

/** Protocols that destinations speak. */
export const DIALECTS = ['openai', 'anthropic', 'ollama', 'gemini'] as const
export type DialectName = (typeof DIALECTS)[number]

/** What a server of the OpenAI dialect may serve itself beside chat; where it does not, it is asked through chat. */
export const APIS = ['responses'] as const
export type ApiName = (typeof APIS)[number]

/** How a credential travels: as a bearer token, or alone in a header of the dialect. */
export const AUTHS = ['bearer', 'x-api-key', 'x-goog-api-key', 'api-key'] as const
export type Auth = (typeof AUTHS)[number]

/** What one server says otherwise than its dialect, on the chat surface; names of fields of the body. */
export interface Quirks {
  /** Sent under another name: OpenAI's name to the server's. */
  readonly rename?: Readonly<Record<string, string>>
  /** It answers 400, or ignores what would change the answer: refused here, by name. */
  readonly refuse?: readonly string[]
  /** It ignores them without harm, or they must not reach it: left out, and reported. */
  readonly drop?: readonly string[]
  /** Fields of a message that it refuses: left out, and reported. */
  readonly dropFromMessages?: readonly string[]
  /** Several choices are refused. */
  readonly oneChoice?: boolean
  /** Its streams tell their usage unasked, and it refuses `stream_options`. */
  readonly usageUnasked?: boolean
}

/** What an operator does with content, by contract. What is absent is not known, and counts as the worst. */
export interface DestinationTerms {
  /** Days that content is kept; 0: not at all. */
  readonly retentionDays?: number
  /** Whether content is used to train. */
  readonly training?: boolean
  /** As the company names them: `HDS`, `SecNumCloud`, `ISO 27001`. */
  readonly certifications?: readonly string[]
}

/** Programs that serve models and are known by name: ids in the table of products. */
export const ENGINE_NAMES = [
  'vllm',
  'llama.cpp',
  'llamafile',
  'ollama',
  'sglang',
  'tgi',
  'tei',
  'infinity',
  'triton',
  'localai',
  'lm-studio',
  'aibrix',
  'litellm',
] as const

/** What serves the models of a destination, as whoever configured it says. */
export interface EngineName {
  readonly name: (typeof ENGINE_NAMES)[number]
  /** Absent: what the server says. */
  readonly version?: string
}

/** A place models run: plain data, without its credential. */
export interface Destination {
  readonly id: string
  readonly dialect: DialectName
  /** Absent: what the dialect usually takes. */
  readonly auth?: Auth
  readonly address: DestinationAddress
  readonly zone: Zone
  /** ISO 3166-1 alpha-2 country that the operator processes in; `local` for own zones; `unknown` otherwise. */
  readonly jurisdiction: string
  /** Highest class it may see. */
  readonly clearance: DataClass
  /** Categories it must not see, whatever the class. */
  readonly withheld?: readonly Category[]
  /** What its operator has promised; absent: nothing is known. */
  readonly terms?: DestinationTerms
  /** Absent: chat alone. */
  readonly apis?: readonly ApiName[]
  readonly quirks?: Quirks
  /** Absent: the server is asked, where it is one of ours. */
  readonly engine?: EngineName
  readonly state: DestinationState
  /** How it came to be known. */
  readonly origin: 'embedded' | 'config' | 'discovered' | 'environment'
  readonly models: readonly ServedModel[]
}

export const zoneOf = (destination: Destination, model: ServedModel): Zone =>
  model.zone ?? destination.zone
