import type { ParseArgsConfig } from 'node:util'
import type { ShippedProfile } from '#config/initial-config.ts'
import type { Config } from '#config/types.ts'
import type { StreamClassifier } from '#classify/stream.ts'
import type { GatewayHouse, Labelled } from '#gateway/ports.ts'
import type { TextPart } from '#kernel/text-part.ts'
import type { Result } from '#kernel/result.ts'
import type { DecisionStore, EvidenceStore, LedgerStore } from '#ledger/ports.ts'
import type { AdminClient } from './admin-client.ts'
import type { DatabaseTools } from './database-tools.ts'
import type { Said, Terminal } from './terminal.ts'

/** 0 yes, 1 no or refused, 2 could not, 3 usage. */
export type ExitCode = 0 | 1 | 2 | 3

/** What a running gateway tells the command that started it. */
export interface RunningGateway {
  readonly url: string
  readonly house: GatewayHouse
  /** Path of the file with the first administrator key. */
  readonly adminKeyFile: string
  readonly notices: readonly Said[]
  /** Resolves when it has stopped. */
  stop(): Promise<void>
}

/** Why no gateway runs. */
export interface StartProblem extends Said {
  /** It was told to stop before it had begun. */
  readonly isInterrupted?: boolean
}

/** Paths inside the data directory. */
export interface HomePaths {
  readonly database: string
  readonly models: string
  readonly vulnerabilities: string
  readonly opennessIndex: string
  readonly adminSocket: string
  readonly engineSocket: string
  readonly adminKey: string
  readonly masterKey: string
}

export interface EvidenceReader extends LedgerStore, DecisionStore {
  /** Signed checkpoints and their keys. */
  readonly signed: EvidenceStore
  /** Public keys that this machine's root secret gives, for so many generations; null where the secret is not. */
  knownKeys(generations: number): Promise<readonly Uint8Array[] | null>
  /** Signs a text with the key of the checkpoints; null where this machine does not have it. `text` is given the public key, hexadecimal. */
  sign(text: (key: string) => string): Promise<{ text: string; signature: string } | null>
  /** A stored policy or catalogue by its version. */
  document(kind: 'policy' | 'catalogue', version: string): Promise<string | null>
  close(): Promise<void>
}

/** What commands may reach; built by main, so that no command knows the store or the providers. */
export interface Context {
  readonly terminal: Terminal
  readonly version: string
  /** How this program is called here: `./ecluse` in a clone, `ecluse` where it is installed. */
  readonly program: string
  /** The checked configuration; problems have been told when it is null. */
  readonly config: () => Promise<Config | null>
  /** Another file in its place, under the same flags; problems have been told when it is null. */
  readonly configOf: (file: string) => Promise<Config | null>
  readonly startGateway: (
    config: Config,
    overrides: { readonly port?: number; readonly workers?: number; readonly waits?: boolean },
  ) => Promise<Result<RunningGateway, StartProblem>>
  /** The administration of the running gateway, or of the data directory itself when none runs. */
  readonly admin: (config: Config) => Promise<Result<AdminClient, Said>>
  /** The label and verdict of a text, by the configuration, without a running gateway. */
  readonly offline: (config: Config) => Promise<
    Pick<GatewayHouse, 'explainFinding' | 'gate' | 'health' | 'masking'> & {
      readonly classify: (parts: readonly TextPart[]) => Labelled
    }
  >
  /** Classifies one text piece by piece, by the configuration and the company's own terms. */
  readonly stream: (config: Config) => Promise<StreamClassifier>
  /** As it is at the first read, or `live`: as it is at each. */
  readonly evidence: (
    config: Config,
    reads?: 'moment' | 'live',
  ) => Promise<Result<EvidenceReader, Said>>
  /** Exchanges the root secret while nothing runs; `given` is the new one where the old one comes from the environment. */
  readonly rotateSecret: (
    config: Config,
    given: string | null,
  ) => Promise<
    Result<
      { readonly sealed: number; readonly generation: number; readonly file: string | null },
      Said
    >
  >
  /** What the configuration names as its database, to be looked after. */
  readonly database: (config: Config) => Promise<DatabaseTools>
  readonly initialConfig: (config: Config, profile?: ShippedProfile) => Promise<string>
  /** The policies that ship, by name. */
  readonly profiles: () => readonly ShippedProfile[]
  readonly paths: (config: Config) => HomePaths
  /** Whether a gateway holds the data directory, and where it listens. */
  readonly holder: (config: Config) => { readonly pid: number; readonly listen: string } | null
  /** For programs that a command starts: without keys. */
  readonly environment: Readonly<Record<string, string>>
  /** Waits for SIGINT or SIGTERM. */
  readonly untilInterrupted: () => Promise<void>
  readonly stdin: NodeJS.ReadStream
}

export type Options = NonNullable<ParseArgsConfig['options']>

export interface Parsed {
  readonly positionals: readonly string[]
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>
}

/** One word after the name of a command: what it takes and does. */
export interface Subcommand {
  readonly summary: Said
  /** Words after its name, as shown in help. */
  readonly usage: string
  readonly options: Options
}

export interface Command {
  readonly name: string
  readonly summary: Said
  /** Words after the name, as shown in help. */
  readonly usage: string
  readonly options: Options
  readonly details?: Said
  /** Where each word after the name has options and help of its own. */
  readonly subcommands?: Readonly<Record<string, Subcommand>>
  run(args: Parsed, context: Context): Promise<ExitCode>
}

/** The text of one string option, or undefined. */
export const textOption = (args: Parsed, name: string): string | undefined => {
  const value = args.values[name]
  return typeof value === 'string' ? value : undefined
}
