import { err, ok, type Result } from '#kernel/result.ts'
import { hashPieces, type HashOptions } from '../digests/hash-pieces.ts'
import type { HashAlgorithm, Piece } from '../digests/piece.ts'
import { pieceProblem } from './piece-problem.ts'
import type { SigningProblem } from './problem.ts'
import { compareNames } from './resource-name.ts'
import type { Manifest, Resource } from './statement.ts'
import { modelNameOf, splitIgnored, walkModel, type ModelFile } from './walk-model.ts'

export interface ManifestRequest {
  readonly path: string
  /** A model that lies nowhere as a folder: its files, under their names, and its own name. */
  readonly stored?: StoredModel | null
  readonly ignored: ReadonlySet<string>
  readonly allowSymlinks: boolean
  readonly hashType: HashAlgorithm
  /** Null: one resource per file. */
  readonly shardBytes: number | null
}

/** A model whose files lie apart from each other, under other names. */
export interface StoredModel {
  readonly name: string
  readonly files: readonly ModelFile[]
}

interface Planned {
  readonly name: string
  readonly file: ModelFile
  readonly piece: Piece
}

/** The manifest of a model as it is on the disk now, with its size. */
export async function makeManifest(
  request: ManifestRequest,
  options: HashOptions,
): Promise<Result<{ readonly manifest: Manifest; readonly bytes: number }, SigningProblem>> {
  const { stored = null } = request
  const walked =
    stored === null
      ? await walkModel(request.path, request)
      : ok(splitIgnored(stored.files, request.ignored))
  if (!walked.ok) return walked
  const planned = walked.value.files
    .flatMap((file) => plan(file, request))
    .toSorted((left, right) => compareNames(left.name, right.name))
  if (planned.length === 0) return err({ code: 'model-empty' })
  const bytes = walked.value.files.reduce((sum, file) => sum + file.bytes, 0)
  const outcomes = await hashPieces(
    planned.map(({ piece }) => piece),
    { ...options, expectedBytes: bytes },
  )
  const resources: Resource[] = []
  for (const [at, { name, file }] of planned.entries()) {
    const outcome = outcomes[at]
    if (outcome?.ok !== true) return err(pieceProblem(outcome, file.name))
    resources.push({ name, algorithm: request.hashType, digest: outcome.value.hex })
  }
  const manifest: Manifest = {
    modelName: stored?.name ?? modelNameOf(request.path),
    resources,
    serialization: {
      method: request.shardBytes === null ? 'files' : 'shards',
      hashType: request.hashType,
      shardBytes: request.shardBytes,
      allowSymlinks: request.allowSymlinks,
      ignorePaths: [...request.ignored].toSorted(compareNames),
    },
  }
  return ok({ manifest, bytes })
}

/** An empty file has no shard: the specification leaves it out. */
function plan(file: ModelFile, { shardBytes, hashType }: ManifestRequest): readonly Planned[] {
  const piece = { path: file.path, algorithm: hashType, followLink: false }
  if (shardBytes === null) {
    return [{ name: file.name, file, piece: { ...piece, start: 0, end: null } }]
  }
  return Array.from({ length: Math.ceil(file.bytes / shardBytes) }, (_, shard) => {
    const start = shard * shardBytes
    const end = Math.min(file.bytes, start + shardBytes)
    return { name: `${file.name}:${start}:${end}`, file, piece: { ...piece, start, end } }
  })
}
