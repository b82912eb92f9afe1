import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { findModel } from '#models/store/find-model.ts'
import type { StoredModel } from '#models/signing/make-manifest.ts'
import { storePaths } from '#models/store/store-layout.ts'
import type { Context } from '../command.ts'

/** The model that a command speaks of, and where its signature usually lies. */
export interface Subject {
  readonly path: string
  readonly signature: string
  /** Of a model of the store with several files, which lies nowhere as a folder. */
  readonly stored: StoredModel | null
}

/** A path, else the name of a model of the store; a path that is not there is given back as it is. */
export async function findSubject(word: string, context: Context): Promise<Subject | null> {
  const found = await stat(word).catch(() => null)
  if (found !== null) {
    return {
      path: word,
      signature: found.isDirectory() ? join(word, 'model.sig') : `${word}.sig`,
      stored: null,
    }
  }
  // a path needs no configuration, and may be asked for where there is none
  if (word.includes('/') || word.includes('\\')) return null
  const config = await context.config()
  if (!config) return null
  const dir = context.paths(config).models
  const stored = await findModel(dir, word)
  if (stored === null) return null
  const paths = storePaths(dir)
  const path = paths.blob(stored.digest)
  const signature = paths.signature(stored.digest)
  // one file is known by its bytes, whatever it is called in its model
  if (stored.files.length < 2) return { path, signature, stored: null }
  const files = stored.files.map((file) => ({
    name: file.path,
    path: paths.blob(file.digest),
    bytes: file.bytes,
  }))
  return { path, signature, stored: { name: stored.name, files } }
}
