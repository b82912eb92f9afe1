import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { isModelName } from './store-layout.ts'

const Source = z.strictObject({
  kind: z.enum(['python-package', 'hugging-face', 'url', 'file']),
  /** Package and version, URL, or file name. */
  reference: z.string(),
})

/** What the store knows of a model: one JSON file per name. */
const Manifest = z.strictObject({
  name: z.string().refine(isModelName),
  aliases: z.array(z.string().refine(isModelName)).default([]),
  /** SHA-256 of the file, lower-case hexadecimal. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().positive(),
  format: z.literal('gguf'),
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

/** The manifest in a file; null when there is none, or it cannot be read. */
export async function readManifest(path: string): Promise<Manifest | null> {
  try {
    return Manifest.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return null
  }
}
