import { rm } from 'node:fs/promises'
import { findModel } from './find-model.ts'
import { dropUnused } from './install-blob.ts'
import type { Manifest } from './manifest.ts'
import { storePaths } from './store-layout.ts'

/** Forgets a model; its file goes too when no other name refers to it. Null when there was no such model. */
export async function removeModel(dir: string, name: string): Promise<Manifest | null> {
  const manifest = await findModel(dir, name)
  if (manifest === null) return null
  const paths = storePaths(dir)
  await rm(paths.manifest(manifest.name), { force: true })
  await dropUnused(dir, manifest)
  return manifest
}
