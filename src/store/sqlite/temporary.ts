import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A directory of a test's own; call `remove` in `t.after` or a `finally`. */
export function temporaryDirectory(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'ecluse-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
