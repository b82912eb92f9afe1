import { createHash } from 'node:crypto'
import { z } from 'zod'
import { err, ok, type Result } from '#kernel/result.ts'
import { HASH_ALGORITHMS, type HashAlgorithm } from '../digests/piece.ts'
import { ITSELF, readResourceName } from './resource-name.ts'
import type { SigningProblem } from './problem.ts'

/** DSSE payload type of an in-toto statement. */
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json'
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1'
/** OpenSSF Model Signing v1.0. */
export const PREDICATE_TYPE = 'https://model_signing/signature/v1.0'

/** Default size of a shard, bytes (OpenSSF Model Signing v1.0). */
export const SHARD_BYTES = 1_000_000_000

/** A file, or a shard of one, with its digest. */
export interface Resource {
  /** Relative path with `/`; for a shard `path:start:end`. */
  readonly name: string
  readonly algorithm: HashAlgorithm
  /** Lower-case hexadecimal. */
  readonly digest: string
}

/** How the files of a model became resources. */
export interface Serialization {
  readonly method: 'files' | 'shards'
  readonly hashType: HashAlgorithm
  readonly shardBytes: number | null
  readonly allowSymlinks: boolean
  /** Relative paths that were left out. */
  readonly ignorePaths: readonly string[]
}

/** What a signature says of a model. */
export interface Manifest {
  readonly modelName: string
  readonly resources: readonly Resource[]
  readonly serialization: Serialization
}

const Hex = z.string().regex(/^(?:[0-9a-fA-F]{2})+$/)

// fields that v1.0 does not know are to be ignored by those who verify it
const Statement = z.object({
  _type: z.string(),
  predicateType: z.string(),
  subject: z.array(z.object({ name: z.string().optional(), digest: z.object({ sha256: Hex }) })),
  predicate: z.object({
    resources: z
      .array(z.object({ name: z.string(), algorithm: z.string(), digest: Hex }))
      .min(1)
      .max(1_000_000),
    serialization: z.object({
      method: z.enum(['files', 'shards']),
      hash_type: z.string(),
      shard_size: z.number().int().positive().optional(),
      allow_symlinks: z.boolean(),
      ignore_paths: z.array(z.string()).optional(),
    }),
  }),
})

/** Length of a digest in hexadecimal digits. */
const HEX_LENGTH: Readonly<Record<HashAlgorithm, number>> = { sha256: 64, blake2b: 128 }

/** SHA-256 over the raw digests in the order of the resources: the identity of this exact model. */
export function rootDigest(resources: readonly Pick<Resource, 'digest'>[]): string {
  const hash = createHash('sha256')
  for (const { digest } of resources) hash.update(digest, 'hex')
  return hash.digest('hex')
}

/** The statement as it is signed, its resources in the order of their names (code points). */
export function writeStatement({ modelName, resources, serialization }: Manifest): string {
  return JSON.stringify({
    _type: STATEMENT_TYPE,
    subject: [{ name: modelName, digest: { sha256: rootDigest(resources) } }],
    predicateType: PREDICATE_TYPE,
    predicate: {
      serialization: {
        method: serialization.method,
        hash_type: serialization.hashType,
        ...(serialization.shardBytes === null ? {} : { shard_size: serialization.shardBytes }),
        allow_symlinks: serialization.allowSymlinks,
        ignore_paths: serialization.ignorePaths,
      },
      resources: resources.map(({ name, algorithm, digest }) => ({
        name,
        // as the reference implementation names the digest of a shard
        algorithm:
          serialization.shardBytes === null
            ? algorithm
            : `${algorithm}-sharded-${serialization.shardBytes}`,
        digest,
      })),
    },
  })
}

/** Reads a statement whose signature holds; its own root digest must be that of its resources. */
export function readStatement(payload: Uint8Array): Result<Manifest, SigningProblem> {
  const parsed = parseJson(payload)
  const type = typeOf(parsed)
  if (type !== null) return err(type)
  const statement = Statement.safeParse(parsed)
  if (!statement.success) {
    const at = statement.error.issues[0]?.path.join('.') ?? ''
    return err({ code: 'statement-malformed', detail: { at } })
  }
  const { subject, predicate } = statement.data
  const [only, ...others] = subject
  if (only === undefined || others.length > 0) {
    return err({ code: 'statement-malformed', detail: { at: 'subject' } })
  }
  const hashType = readAlgorithm(predicate.serialization.hash_type)
  if (hashType === null) {
    return err({
      code: 'algorithm-unsupported',
      detail: { algorithm: predicate.serialization.hash_type.slice(0, 40) },
    })
  }
  const resources = readResources(predicate.resources, predicate.serialization.method)
  if (!resources.ok) return resources
  if (rootDigest(resources.value) !== only.digest.sha256.toLowerCase()) {
    return err({ code: 'manifest-inconsistent' })
  }
  return ok({
    modelName: only.name ?? '',
    resources: resources.value,
    serialization: {
      method: predicate.serialization.method,
      hashType,
      shardBytes: predicate.serialization.shard_size ?? null,
      allowSymlinks: predicate.serialization.allow_symlinks,
      ignorePaths: predicate.serialization.ignore_paths ?? [],
    },
  })
}

function readResources(
  rows: readonly { readonly name: string; readonly algorithm: string; readonly digest: string }[],
  method: Serialization['method'],
): Result<readonly Resource[], SigningProblem> {
  const seen = new Set<string>()
  const resources: Resource[] = []
  for (const { name, algorithm, digest } of rows) {
    const known = readAlgorithm(algorithm)
    if (known === null) {
      return err({ code: 'algorithm-unsupported', detail: { algorithm: algorithm.slice(0, 40) } })
    }
    const isRight =
      readResourceName(name, method) !== null &&
      digest.length === HEX_LENGTH[known] &&
      !seen.has(name)
    if (!isRight) {
      return err({ code: 'statement-malformed', detail: { at: `resources.${resources.length}` } })
    }
    seen.add(name)
    resources.push({ name, algorithm: known, digest: digest.toLowerCase() })
  }
  const paths = new Set(resources.map(({ name }) => readResourceName(name, method)?.path))
  if (paths.has(ITSELF) && paths.size > 1) {
    return err({ code: 'statement-malformed', detail: { at: 'resources' } })
  }
  return ok(resources)
}

/** `blake2` is what early signers called it; the digest of a shard may bear the size of shards. */
function readAlgorithm(name: string): HashAlgorithm | null {
  const plain = name.replace(/-sharded-\d+$/, '')
  return HASH_ALGORITHMS.find((known) => known === plain) ?? (plain === 'blake2' ? 'blake2b' : null)
}

function typeOf(parsed: unknown): SigningProblem | null {
  const found = z.object({ _type: z.string(), predicateType: z.string() }).safeParse(parsed)
  if (!found.success) return { code: 'statement-malformed', detail: { at: '_type' } }
  const { _type: type, predicateType } = found.data
  if (type === STATEMENT_TYPE && predicateType === PREDICATE_TYPE) return null
  const other = type === STATEMENT_TYPE ? predicateType : type
  return { code: 'statement-unsupported', detail: { type: other.slice(0, 100) } }
}

function parseJson(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
  } catch {
    return null
  }
}
