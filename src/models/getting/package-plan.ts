import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { wheelByPip } from '../packages/package-archive.ts'
import { findArchive } from '../packages/package-index.ts'
import { shownPackage, type PackageReference } from '../packages/package-reference.ts'
import { fileDigest } from '../store/digest.ts'
import type { PullContext } from '../pull/pull-request.ts'
import { storePaths } from '../store/store-layout.ts'
import type { PullPlan } from './plan.ts'

/** The weights in a Python package, and the papers beside them: whatever else it holds is neither kept nor run. */
export async function packagePlan(
  reference: PackageReference,
  index: string | null,
  context: PullContext,
): Promise<PullPlan> {
  return index === null ? pipPlan(reference, context) : indexedPlan(reference, index, context)
}

async function indexedPlan(
  reference: PackageReference,
  index: string,
  context: PullContext,
): Promise<PullPlan> {
  const {
    url,
    from: named,
    kind,
    version,
    bytes,
    sha256,
  } = await findArchive(reference, index, context)
  const packing =
    kind === 'wheel'
      ? ({ form: 'zip', compression: 'none', holds: 'package' } as const)
      : ({ form: 'tar', compression: 'gzip', holds: 'package' } as const)
  const expected = { kind: 'sha256' as const, hex: sha256 }
  const from = { kind: 'url' as const, url, access: null, named }
  return {
    files: [{ path: reference.name, bytes, expected, from, packing }],
    source: { kind: 'python-package', reference: shownPackage({ ...reference, version }) },
    // the index stated the digest, and files of a version do not change there
    attested: true,
    aliasDigests: [],
    licence: null,
  }
}

async function pipPlan(reference: PackageReference, context: PullContext): Promise<PullPlan> {
  const { dir, ports, signal, onProgress } = context
  const folder = join(storePaths(dir).partial, `${ports.newId()}.d`)
  const release = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    const source = shownPackage(reference)
    const onBytes = (received: number): void =>
      onProgress({ phase: 'downloading', source, received, total: null })
    const { path, bytes, version } = await wheelByPip(reference, ports, { folder, signal, onBytes })
    onProgress({ phase: 'verifying', source })
    const expected = { kind: 'sha256' as const, hex: await fileDigest(path, signal) }
    const packing = { form: 'zip', compression: 'none', holds: 'package' } as const
    return {
      files: [{ path: reference.name, bytes, expected, from: { kind: 'path', path }, packing }],
      source: { kind: 'python-package', reference: shownPackage({ ...reference, version }) },
      // what the index stated, only pip has seen
      attested: false,
      aliasDigests: [],
      licence: null,
      release,
    }
  } catch (error) {
    await release()
    throw error
  }
}
