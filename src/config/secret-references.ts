import { resolve } from 'node:path'
import { err, ok, type Result } from '#kernel/result.ts'
import type { ConfigProblem } from './problems.ts'
import { Secret } from './secret.ts'
import type { Environment, FileContent } from './types.ts'

/** Reads one file for the configuration; the error says only why not. */
export type ReadConfigFile = (path: string) => Result<FileContent, 'missing' | 'unreadable'>

/** What a reference is resolved against. */
export interface SecretSources {
  readonly env: Environment
  readonly readFile: ReadConfigFile
  /** Folder that `${file:…}` counts from. */
  readonly folder: string
}

type Complaint = Pick<ConfigProblem, 'code' | 'detail'>

/** A secret, and what should be said about where it is kept. */
export interface ResolvedSecret {
  readonly secret: Secret
  readonly warning?: Complaint
}

const REFERENCE =
  /^\$\{(?:env:(?<variable>[A-Za-z_][A-Za-z0-9_]{0,127})|file:(?<path>[^{}\0]{1,4096}))\}$/

/** Resolves `${env:NAME}` or `${file:path}`; a key written out is refused. The text itself is never part of the answer. */
export function resolveSecret(
  text: string,
  sources: SecretSources,
): Result<ResolvedSecret, Complaint> {
  const groups = REFERENCE.exec(text.trim())?.groups
  if (groups?.['variable'] !== undefined) return fromVariable(groups['variable'], sources)
  if (groups?.['path'] !== undefined) return fromFile(groups['path'].trim(), sources)
  return err({ code: text.includes('$') ? 'malformed-reference' : 'literal-secret' })
}

function fromVariable(variable: string, { env }: SecretSources): Result<ResolvedSecret, Complaint> {
  const value = Object.hasOwn(env, variable) ? env[variable] : undefined
  if (value === undefined) return err({ code: 'missing-variable', detail: { variable } })
  return checkedSecret(value)
}

function fromFile(path: string, sources: SecretSources): Result<ResolvedSecret, Complaint> {
  const read = sources.readFile(resolve(sources.folder, path))
  if (!read.ok) return err({ code: 'secret-file-unreadable' })
  const checked = checkedSecret(new TextDecoder().decode(read.value.bytes))
  const warning = exposure(read.value)
  return checked.ok && warning ? ok({ ...checked.value, warning }) : checked
}

/** Permissions wider than 0640 let other users of the machine read, or the group write. */
export function exposure({ mode }: FileContent): Complaint | undefined {
  if (mode === null || (mode & 0o777 & ~0o640) === 0) return undefined
  const text = `0${(mode & 0o777).toString(8).padStart(3, '0')}`
  return { code: 'secret-file-exposed', detail: { mode: text } }
}

/** A key has to fit an HTTP header: visible ASCII, 8 KiB at most. White space around it is dropped. */
export function checkedSecret(raw: string): Result<{ secret: Secret }, Complaint> {
  const value = raw.replace(/^\uFEFF/, '').trim()
  if (value === '') return err({ code: 'empty-secret' })
  if (!/^[\x21-\x7e]{1,8192}$/.test(value)) return err({ code: 'invalid-secret' })
  return ok({ secret: new Secret(value) })
}
