import type { HeaderValue } from './header-value.ts'
import { hasControl } from './part-headers.ts'

/** What a part is called. */
export interface PartNames {
  readonly name: string
  readonly fileName: string | null
}

/** The names in a content disposition; null when a name is missing, or cannot be written so that all read it alike. */
export function readPartNames({ parameters }: HeaderValue): PartNames | null {
  const name = parameters.get('name')
  const fileName = readFileName(parameters)
  if (name === undefined || name === '' || name.includes('\\') || hasControl(name)) return null
  if (fileName === undefined || (fileName !== null && hasControl(fileName))) return null
  return { name, fileName: fileName === null ? null : baseName(fileName) }
}

/** `filename*` counts before `filename` (RFC 6266, section 4.3); undefined when it cannot be read. */
function readFileName(parameters: ReadonlyMap<string, string>): string | null | undefined {
  const extended = parameters.get('filename*')
  if (extended === undefined) return parameters.get('filename') ?? null
  const encoded = /^utf-8'[\w-]*'(.*)$/is.exec(extended)?.[1]
  if (encoded === undefined) return undefined
  try {
    // `%22` stands for a quote in what we write ourselves
    return decodeURIComponent(encoded).replaceAll('%22', '"')
  } catch {
    return undefined
  }
}

/** Folders of the sender's disk are nobody's business. */
const baseName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
