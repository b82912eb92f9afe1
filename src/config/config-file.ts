import type { ConfigLocation } from './locate.ts'
import type { ConfigPath, ConfigProblem, ConfigProblemCode, PathProblem } from './problems.ts'
import { pathText } from './problems.ts'
import type { ReadConfigFile } from './secret-references.ts'
import { readYaml } from './yaml-document.ts'

/** A configuration of any size people write is far below; bytes. */
const MAX_FILE_BYTES = 1_048_576

/** What the file says, before its meaning is checked. */
export interface ConfigFile {
  readonly value: Readonly<Record<string, unknown>>
  readonly problems: readonly ConfigProblem[]
  /** Gives a problem its file, line and column. */
  readonly locate: (problem: PathProblem) => ConfigProblem
}

/** Reads the configuration file; one that nobody named may be absent, and an empty one says nothing. */
export function readConfigFile(location: ConfigLocation, readFile: ReadConfigFile): ConfigFile {
  const { file, named } = location
  const refused = (code: ConfigProblemCode, detail?: ConfigProblem['detail']): ConfigFile =>
    withoutText(file, [detail ? { code, path: '', file, detail } : { code, path: '', file }])
  const read = readFile(file)
  if (!read.ok) {
    if (read.error === 'missing' && !named) return withoutText(file, [])
    return refused(read.error === 'missing' ? 'file-missing' : 'file-unreadable')
  }
  const { bytes } = read.value
  if (bytes.length > MAX_FILE_BYTES) return refused('file-too-large', { limit: MAX_FILE_BYTES })
  const text = decode(bytes)
  return text === undefined ? refused('invalid-utf8') : configText(text, file)
}

/** A text as a configuration, or a part of one. */
export function configText(text: string, file: string): ConfigFile {
  const { value, place, problems } = readYaml(text, file)
  const locate = ({ code, path, detail }: PathProblem): ConfigProblem => {
    const where = { code, path: pathText(path), file, ...place(path) }
    return detail ? { ...where, detail } : where
  }
  if (value === undefined) return { value: {}, problems, locate }
  if (!isMapping(value)) {
    return { value: {}, problems: [...problems, locate(notAMapping)], locate }
  }
  return { value, problems, locate }
}

const notAMapping: PathProblem = { code: 'not-a-mapping', path: [] }

const withoutText = (file: string, problems: readonly ConfigProblem[]): ConfigFile => ({
  value: {},
  problems,
  locate: ({ code, path, detail }) => {
    const where = { code, path: pathText(path), file }
    return detail ? { ...where, detail } : where
  },
})

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** The list found under a path of keys; empty where there is none. */
export function rowsOf(file: ConfigFile, path: ConfigPath): readonly unknown[] {
  let value: unknown = file.value
  for (const step of path) {
    value = isMapping(value) && Object.hasOwn(value, step) ? value[step] : undefined
  }
  return Array.isArray(value) ? value : []
}
