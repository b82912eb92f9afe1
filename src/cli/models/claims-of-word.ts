import { stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { findModel } from '#models/store/find-model.ts'
import { claimsOfFiles } from '#models/admission/judge-licence.ts'
import { filesOf } from '#models/store/manifest.ts'
import { storePaths } from '#models/store/store-layout.ts'
import { ggufFacts } from '#models/gguf/gguf-facts.ts'
import { readGgufHeader } from '#models/gguf/gguf-header.ts'
import {
  claimsOf,
  claimsOfFolder,
  readSmall,
  type LicenceClaims,
} from '#models/licences/read-claims.ts'

/** What is claimed of a path, a stored model or a name: licences, family, what it was made from. Null: nothing is known. */
export async function claimsOfWord(word: string, dir: string): Promise<LicenceClaims | null> {
  const found = await stat(word).catch(() => null)
  const name = basename(resolve(word))
  if (found?.isDirectory() === true) return await claimsOfFolder(word, name)
  if (found?.isFile() === true) {
    const header = await readGgufHeader(word).catch(() => null)
    if (header === null)
      return claimsOf({ name, licence: null, bases: [] }, (await readSmall(word)) ?? '', word)
    const beside = await claimsOfFolder(dirname(word), name)
    const tags = { name, licence: ggufFacts(header).licence, bases: beside.bases }
    return claimsOf(tags, beside.text, beside.file)
  }
  const stored = await findModel(dir, word)
  if (stored !== null) {
    const files = filesOf(stored)
    const { name: own, source, licence } = stored
    return claimsOfFiles({ name: own, files: [...files], source }, storePaths(dir).blob, licence)
  }
  const claims = claimsOf({ name: word, licence: null, bases: [] }, null, null)
  return claims.family === null ? null : claims
}
