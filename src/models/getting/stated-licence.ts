import { readFile, stat } from 'node:fs/promises'
import { z } from 'zod'
import type { ManifestFile } from '../store/manifest.ts'

/** Largest description that is read, bytes. */
const MOST_BYTES = 4 * 1024 * 1024

const Text = z.string().min(1).max(200)
/** What of ModelPack's configuration and of a Kitfile names a licence; everything else of them is left alone. */
const SHAPES: readonly (readonly [string, z.ZodType<string | undefined>])[] = [
  [
    'modelpack.json',
    z
      .object({ descriptor: z.object({ licenses: z.array(Text).optional() }).nullish() })
      .transform(({ descriptor }) => {
        const all = descriptor?.licenses ?? []
        return all.length === 1 ? all[0] : undefined
      }),
  ],
  [
    'Kitfile.json',
    z
      .object({
        package: z.object({ license: Text.optional() }).nullish(),
        model: z.object({ license: Text.optional() }).nullish(),
      })
      .transform(({ package: whole, model }) => model?.license ?? whole?.license),
  ],
]

/** The licence that the description of an artefact names; null where there is none, or it names several. */
export async function statedLicence(
  blob: (digest: string) => string,
  files: readonly ManifestFile[],
): Promise<string | null> {
  for (const [name, shape] of SHAPES) {
    const file = files.find(({ path }) => path === name)
    if (file === undefined) continue
    const at = blob(file.digest)
    const found = await stat(at).catch(() => null)
    if (found === null || found.size > MOST_BYTES) continue
    try {
      const licence = shape.parse(JSON.parse(await readFile(at, 'utf8')))
      // it will be shown on a terminal
      if (licence !== undefined && /^[^\p{C}]+$/u.test(licence)) return licence
    } catch {
      continue
    }
  }
  return null
}
