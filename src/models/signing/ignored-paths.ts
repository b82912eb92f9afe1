import { realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { isSafePath } from './resource-name.ts'
import { ALWAYS_IGNORED } from './walk-model.ts'

/**
 * The paths to leave out, relative to the model: those always left out, those given (absolute, or relative to the
 * model), and the signature itself. One that lies outside the model leaves nothing out.
 */
export async function ignoredPaths(
  model: string,
  given: readonly string[],
  signature: string | null,
): Promise<ReadonlySet<string>> {
  const root = await realpath(model).catch(() => resolve(model))
  const ignored = new Set<string>(ALWAYS_IGNORED)
  for (const path of given) {
    const name = await nameWithin(root, isAbsolute(path) ? path : join(root, path))
    if (name !== null) ignored.add(name)
  }
  if (signature !== null) {
    const name = await nameWithin(root, resolve(signature))
    if (name !== null) ignored.add(name)
  }
  return ignored
}

/** The name of a path as the model's walk gives it: only the folder it is in is resolved, it may not exist itself. */
async function nameWithin(root: string, path: string): Promise<string | null> {
  const folder = await realpath(dirname(path)).catch(() => dirname(path))
  const name = relative(root, join(folder, path.slice(dirname(path).length)))
    .split(sep)
    .join('/')
  return isSafePath(name) ? name : null
}
