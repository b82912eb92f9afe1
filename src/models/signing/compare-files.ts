import { lstat, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { err, ok, type Result } from '#kernel/result.ts'
import { hashPieces, type HashOptions } from '../digests/hash-pieces.ts'
import type { Piece } from '../digests/piece.ts'
import { findRenamed } from './find-renamed.ts'
import { pieceProblem } from './piece-problem.ts'
import type { Differences, SigningProblem } from './problem.ts'
import { compareNames, ITSELF, readResourceName } from './resource-name.ts'
import type { Manifest, Resource } from './statement.ts'
import { isWithin, modelNameOf, splitIgnored, walkModel, type ModelFile } from './walk-model.ts'

export interface CompareRequest {
  readonly path: string
  /** A model that lies nowhere as a folder: its files, under their names; they take the place of what is at `path`. */
  readonly files?: readonly ModelFile[] | null
  readonly ignored: ReadonlySet<string>
  /** Files on the disk that the signature does not list are no difference. */
  readonly ignoreUnsigned: boolean
}

export interface Compared {
  readonly files: number
  readonly bytes: number
  /** Ignored paths that are there: nothing is known of them. */
  readonly left: readonly string[]
}

/** A listed file, with its resources in the order of their bytes. */
interface Listed {
  readonly name: string
  readonly resources: readonly (Resource & {
    readonly start: number
    readonly end: number | null
  })[]
}

interface Found extends Listed {
  readonly path: string
  readonly bytes: number
}

/** Compares a model with what was signed: every listed file, whatever is ignored, and every other one. */
export async function compareFiles(
  manifest: Manifest,
  request: CompareRequest,
  options: HashOptions,
): Promise<Result<Compared, SigningProblem>> {
  const given = request.files ?? null
  const isSingle = given === null && (await stat(request.path).catch(() => null))?.isFile() === true
  const listed = listedFiles(manifest, isSingle ? modelNameOf(request.path) : null)
  const names = new Set(listed.map(({ name }) => name))
  const walked = await walkUnsigned(manifest, request)
  if (!walked.ok) return walked
  const missing: string[] = []
  const found: Found[] = []
  const laid = given === null ? null : new Map(given.map((one) => [one.name, one]))
  for (const one of listed) {
    const place =
      laid === null
        ? await findListed(request.path, one.name, manifest, isSingle)
        : await findLaid(laid.get(one.name))
    if (!place.ok) return place
    if (place.value === null) missing.push(one.name)
    else found.push({ ...one, ...place.value })
  }
  const added = walked.value.files.filter(({ name, bytes }) => {
    // shards list no empty file
    const isUnlisted = manifest.serialization.method === 'shards' && bytes === 0
    return !names.has(name) && !isUnlisted
  })
  const changed = await findChanged(found, options)
  if (!changed.ok) return changed
  if (changed.value.length + missing.length + added.length > 0) {
    const renamed = await findRenamed(manifest, missing, added, options)
    const differences: Differences = {
      changed: changed.value.toSorted(compareNames),
      missing: missing.filter((name) => !renamed.some(({ from }) => from === name)),
      added: added
        .map(({ name }) => name)
        .filter((name) => !renamed.some(({ to }) => to === name))
        .toSorted(compareNames),
      renamed,
    }
    return err({ code: 'files-differ', detail: counts(differences), differences })
  }
  const bytes = found.reduce((sum, one) => sum + one.bytes, 0)
  return ok({ files: found.length, bytes, left: walked.value.left.toSorted(compareNames) })
}

const counts = (differences: Differences): Record<string, number> => ({
  changed: differences.changed.length,
  missing: differences.missing.length,
  added: differences.added.length,
  renamed: differences.renamed.length,
})

async function walkUnsigned(
  manifest: Manifest,
  { path, files = null, ignored, ignoreUnsigned }: CompareRequest,
): ReturnType<typeof walkModel> {
  if (files !== null)
    return ok(ignoreUnsigned ? { files: [], left: [] } : splitIgnored(files, ignored))
  if (!ignoreUnsigned) {
    return await walkModel(path, { ignored, allowSymlinks: manifest.serialization.allowSymlinks })
  }
  const found = await stat(path).catch(() => null)
  return found === null ? err({ code: 'model-missing' }) : ok({ files: [], left: [] })
}

/** Where a file of a model that lies nowhere as a folder is; null when it is gone. */
async function findLaid(
  file: ModelFile | undefined,
): Promise<Result<{ readonly path: string; readonly bytes: number } | null, SigningProblem>> {
  const found = file && (await stat(file.path).catch(() => null))
  return ok(file && found?.isFile() === true ? { path: file.path, bytes: found.size } : null)
}

/** Resources by file, in the order of their bytes; `single` is the name of a model that is one file. */
function listedFiles(
  { resources, serialization }: Manifest,
  single: string | null,
): readonly Listed[] {
  const files = new Map<string, Listed['resources'][number][]>()
  for (const resource of resources) {
    const name = readResourceName(resource.name, serialization.method)
    if (name === null) continue
    const { start, end } = name.shard ?? { start: 0, end: null }
    const path = name.path === ITSELF && single !== null ? single : name.path
    const list = files.get(path) ?? []
    if (list.length === 0) files.set(path, list)
    list.push({ ...resource, start, end })
  }
  return [...files]
    .map(([name, list]) => ({ name, resources: list.toSorted((a, b) => a.start - b.start) }))
    .toSorted((left, right) => compareNames(left.name, right.name))
}

/** Where a listed file is; null when it is not there. It must lie below the model, without a link unless those were signed. */
async function findListed(
  model: string,
  name: string,
  { serialization }: Manifest,
  isSingle: boolean,
): Promise<Result<{ readonly path: string; readonly bytes: number } | null, SigningProblem>> {
  const root = await realpath(model)
  // signed as one file: a folder is another model
  if (!isSingle && name === ITSELF) return ok(null)
  if (isSingle) {
    if (name !== modelNameOf(model)) return ok(null)
    return ok({ path: root, bytes: (await lstat(root)).size })
  }
  const path = join(root, name)
  const real = await realpath(path).catch(() => null)
  if (real === null) return ok(null)
  if (!isWithin(root, real)) return err({ code: 'symlink-outside', detail: { name } })
  if (real !== path && !serialization.allowSymlinks)
    return err({ code: 'symlink', detail: { name } })
  const found = await lstat(real).catch(() => null)
  if (found === null) return ok(null)
  if (!found.isFile()) return err({ code: 'not-a-regular-file', detail: { name } })
  return ok({ path: real, bytes: found.size })
}

/** Listed files whose bytes are not those signed. */
async function findChanged(
  found: readonly Found[],
  options: HashOptions,
): Promise<Result<readonly string[], SigningProblem>> {
  const changed = new Set(found.filter((one) => !covers(one)).map(({ name }) => name))
  const planned = found
    .filter(({ name }) => !changed.has(name))
    .flatMap((one) =>
      one.resources.map(({ algorithm, start, end, digest }) => {
        const piece: Piece = { path: one.path, algorithm, start, end, followLink: false }
        return { name: one.name, digest, piece }
      }),
    )
  const expectedBytes = found.reduce((sum, { bytes }) => sum + bytes, 0)
  const outcomes = await hashPieces(
    planned.map(({ piece }) => piece),
    { ...options, expectedBytes },
  )
  for (const [at, { name, digest }] of planned.entries()) {
    const outcome = outcomes[at]
    if (outcome?.ok !== true) return err(pieceProblem(outcome, name))
    if (outcome.value.hex !== digest) changed.add(name)
  }
  return ok([...changed])
}

/** Whether the resources of a file are all of its bytes, once: what was added to its end is in no shard. */
function covers({ resources, bytes }: Found): boolean {
  let at = 0
  for (const { start, end } of resources) {
    if (start !== at) return false
    at = end ?? bytes
  }
  return at === bytes
}
