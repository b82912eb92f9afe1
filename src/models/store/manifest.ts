import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { digestOfFiles } from './files-digest.ts'
import { isModelName } from './store-layout.ts'

/** Where a model can come from. */
export const SOURCE_KINDS = [
  'python-package',
  'hugging-face',
  'url',
  'file',
  'ollama-registry',
  'ollama-store',
  'oci',
  'bundle',
] as const

const File = z.strictObject({
  /** Relative, with `/`, below the model. */
  path: z.string().min(1).max(4096),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().nonnegative(),
})
export type ManifestFile = z.infer<typeof File>

const Source = z.strictObject({
  kind: z.enum(SOURCE_KINDS),
  /** Package and version, URL, or file name. */
  reference: z.string(),
})

/** What the store knows of a model: one JSON file per name. */
const Manifest = z.strictObject({
  name: z.string().refine(isModelName),
  aliases: z.array(z.string().refine(isModelName)).default([]),
  /** SHA-256 of the one file, lower-case hexadecimal; of several, of their list in the order of names. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().positive(),
  /** Only GGUF is loaded by the engine on board, of one file or of shards. */
  format: z.enum(['gguf', 'safetensors', 'other']),
  /** What it is made of; none: the one file that `digest` names. */
  files: z.array(File).max(100_000).default([]),
  /** Digests that servers have for the same weights, such as that of an Ollama manifest. */
  aliasDigests: z.array(z.string().regex(/^[0-9a-f]{64}$/)).default([]),
  /** The registry stated these digests at a fixed commit or manifest. */
  attested: z.boolean().default(false),
  source: Source,
  /** ISO 8601, UTC. */
  pulledAt: z.iso.datetime(),
  architecture: z.string().nullable(),
  /** Number of weights. */
  parameters: z.int().positive().nullable(),
  quantisation: z.string().nullable(),
  /** Context the model was trained on, tokens. */
  contextTokens: z.int().positive().nullable(),
  /** SPDX identifier, or what the file itself says. */
  licence: z.string().nullable(),
  /** 1 (closed) to 6 (everything open). */
  openness: z.int().min(1).max(6).nullable(),
})
export type Manifest = z.infer<typeof Manifest>

/** The files of a model, whatever its kind. */
export const filesOf = ({ name, digest, bytes, files }: Manifest): readonly ManifestFile[] =>
  files.length > 0 ? files : [{ path: `${name}.gguf`, digest, bytes }]

/** The manifest in a file; null when there is none, it cannot be read, or its digest is not that of its files: what was admitted by the one would serve the others. */
export async function readManifest(path: string): Promise<Manifest | null> {
  try {
    const manifest = Manifest.parse(JSON.parse(await readFile(path, 'utf8')))
    return digestOfFiles(filesOf(manifest)) === manifest.digest ? manifest : null
  } catch {
    return null
  }
}
