import type { Reading } from './reading.ts'
import { resolveSecret } from './secret-references.ts'
import type { Secret } from './secret.ts'

/** The secret that a reference at this place of the file stands for; null when it cannot be read, which has been told. */
export function secretAt(
  { env, readFile, location, complain }: Reading,
  reference: string,
  path: readonly (string | number)[],
): Secret | null {
  const resolved = resolveSecret(reference, { env, readFile, folder: location.folder })
  if (!resolved.ok) {
    complain({ ...resolved.error, path })
    return null
  }
  if (resolved.value.warning) complain({ ...resolved.value.warning, path })
  return resolved.value.secret
}
