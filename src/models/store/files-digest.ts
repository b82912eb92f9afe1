import { compareNames } from '../signing/resource-name.ts'
import { rootDigest, type Resource } from '../signing/statement.ts'
import type { Sha256 } from './store-layout.ts'

interface Named {
  readonly path: string
  readonly digest: Sha256
}

/** The digest of a set of files: of one alone its own, of several that of their list in the order of names. */
export function digestOfFiles(files: readonly Named[]): Sha256 {
  const [only, ...others] = files
  return only !== undefined && others.length === 0 ? only.digest : rootDigest(resourcesOf(files))
}

/** Files as a model signature lists them. */
export const resourcesOf = (files: readonly Named[]): readonly Resource[] =>
  files
    .map(({ path, digest }): Resource => ({ name: path, algorithm: 'sha256', digest }))
    .toSorted((a, b) => compareNames(a.name, b.name))
