/** Every stable code a configuration can be refused or warned about with. */
export const CONFIG_PROBLEM_CODES = [
  // the file
  'file-missing',
  'file-unreadable',
  'file-too-large',
  'invalid-utf8',
  'malformed-yaml',
  'several-documents',
  'not-a-mapping',
  'too-deep',
  'duplicate-key',
  'anchor-refused',
  'tag-refused',
  // its shape
  'unknown-key',
  'missing-key',
  'wrong-type',
  'invalid-choice',
  'invalid-format',
  'out-of-range',
  'empty-value',
  // secrets
  'literal-secret',
  'malformed-reference',
  'missing-variable',
  'secret-file-unreadable',
  'empty-secret',
  'invalid-secret',
  'secret-file-exposed',
  // what it says
  'credentials-in-url',
  'reserved-id',
  'duplicate-id',
  'floor-below-profile',
  'exposed-listen',
  'tls-file-unreadable',
  'zone-not-this-machine',
  'zone-of-known-vendor',
  'jurisdiction-is-local',
  'apis-of-other-dialect',
  'plain-http',
  'plain-webhook',
  'key-set-unreadable',
  'invalid-database-url',
  'plain-database',
  'invalid-condition',
  'rule-says-nothing',
  'mask-covers-nothing',
  'duty-not-available',
] as const
export type ConfigProblemCode = (typeof CONFIG_PROBLEM_CODES)[number]

/** Problems that are told but stop nothing. */
export const WARNING_CODES: readonly ConfigProblemCode[] = [
  'secret-file-exposed',
  'plain-http',
  'plain-database',
]

/** One thing wrong with the configuration, as data. Never the value at fault: it may be a secret. */
export interface ConfigProblem {
  readonly code: ConfigProblemCode
  /** `destinations[0].url`, `--listen`, `ECLUSE_LISTEN`; empty for the file as a whole. */
  readonly path: string
  /** The file at fault; absent for flags and variables. */
  readonly file?: string
  /** Counted from 1. */
  readonly line?: number
  /** Counted from 1, in UTF-16 units. */
  readonly column?: number
  /** Values for the `{placeholders}` of the message. */
  readonly detail?: Readonly<Record<string, string | number>>
}

/** Where in the configuration something stands: names and list positions. */
export type ConfigPath = readonly (string | number)[]

/** A problem before it is given a place in a file. */
export interface PathProblem {
  readonly code: ConfigProblemCode
  readonly path: ConfigPath
  readonly detail?: Readonly<Record<string, string | number>> | undefined
}

/** `['destinations', 0, 'url']` as `destinations[0].url`. */
export function pathText(path: ConfigPath): string {
  return path
    .map((step, i) =>
      typeof step === 'number' ? `[${step}]` : `${i > 0 ? '.' : ''}${named(step)}`,
    )
    .join('')
}

/** A key as people may see it: one line, bounded, no control characters. */
export const named = (key: string): string =>
  key.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '?').slice(0, 60)
