import { z } from 'zod'
import type { LoadedAdapter } from '#models/vulnerabilities/view.ts'

/** More than anybody loads at once; what is beyond is left out. */
const MOST = 200
const Name = z
  .string()
  .min(1)
  .max(500)
  // eslint-disable-next-line no-control-regex -- a name that moves the cursor is none
  .regex(/^[^\u0000-\u001f\u007f-\u009f]+$/)
const One = z.object({ id: Name, parent: Name })
const Listed = z.object({ data: z.array(z.unknown()) })
const Loaded = z.array(z.unknown())
const Lora = z.object({ path: Name, scale: z.number() })

/** Of vLLM and SGLang: an adapter is listed as a model that has a parent. */
export function listedAdapters(models: unknown): readonly LoadedAdapter[] {
  const read = Listed.safeParse(models)
  if (!read.success) return []
  return read.data.data.slice(0, MOST).flatMap((one) => {
    const found = One.safeParse(one)
    return found.success ? [{ name: found.data.id, base: found.data.parent }] : []
  })
}

/** Of llama.cpp, `/lora-adapters`: files, each with its scale; at zero it changes nothing. */
export function loadedAdapters(adapters: unknown): readonly LoadedAdapter[] {
  const read = Loaded.safeParse(adapters)
  if (!read.success) return []
  return read.data.slice(0, MOST).flatMap((one) => {
    const found = Lora.safeParse(one)
    if (!found.success || found.data.scale === 0) return []
    return [{ name: found.data.path.split(/[/\\]/).at(-1) ?? found.data.path, base: null }]
  })
}
