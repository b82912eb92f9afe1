import type { GgufHeader } from './gguf-header.ts'
import type { Manifest } from '../store/manifest.ts'

/** What a GGUF says of itself. */
export type GgufFacts = Pick<
  Manifest,
  'architecture' | 'parameters' | 'quantisation' | 'contextTokens' | 'licence'
>

/** `general.file_type` by number (llama.cpp include/llama.h, enum llama_ftype). */
const FILE_TYPES: Readonly<Record<number, string>> = {
  0: 'F32',
  1: 'F16',
  2: 'Q4_0',
  3: 'Q4_1',
  7: 'Q8_0',
  8: 'Q5_0',
  9: 'Q5_1',
  10: 'Q2_K',
  11: 'Q3_K_S',
  12: 'Q3_K_M',
  13: 'Q3_K_L',
  14: 'Q4_K_S',
  15: 'Q4_K_M',
  16: 'Q5_K_S',
  17: 'Q5_K_M',
  18: 'Q6_K',
  19: 'IQ2_XXS',
  20: 'IQ2_XS',
  21: 'Q2_K_S',
  22: 'IQ3_XS',
  23: 'IQ3_XXS',
  24: 'IQ1_S',
  25: 'IQ4_NL',
  26: 'IQ3_S',
  27: 'IQ3_M',
  28: 'IQ2_S',
  29: 'IQ2_M',
  30: 'IQ4_XS',
  31: 'IQ1_M',
  32: 'BF16',
  36: 'TQ1_0',
  37: 'TQ2_0',
  38: 'MXFP4',
}

/** The facts of a header that a catalogue needs; null where the file does not say. */
export function ggufFacts({ metadata, parameters }: GgufHeader): GgufFacts {
  const architecture = text(metadata.get('general.architecture'))
  const fileType = metadata.get('general.file_type')
  const context = metadata.get(`${architecture ?? ''}.context_length`)
  const contextTokens = typeof context === 'bigint' ? Number(context) : context
  return {
    architecture,
    parameters: parameters > 0 ? parameters : null,
    quantisation: typeof fileType === 'number' ? (FILE_TYPES[fileType] ?? null) : null,
    contextTokens:
      typeof contextTokens === 'number' && Number.isSafeInteger(contextTokens) && contextTokens > 0
        ? contextTokens
        : null,
    licence: text(metadata.get('general.license')),
  }
}

/** Which of how many files this one is, by its header, the first being 1; null where it is whole. */
export function shardOf({ metadata }: GgufHeader): { at: number; of: number } | null {
  const [no, count] = [metadata.get('split.no'), metadata.get('split.count')]
  return typeof count === 'number' && count > 1
    ? { at: typeof no === 'number' ? no + 1 : NaN, of: count }
    : null
}

/** Whether a file is a part of weights, and worth nothing alone. */
export const isShard = (header: GgufHeader): boolean => shardOf(header) !== null

/** A short text, without control characters: it will be shown on a terminal. */
function text(value: unknown): string | null {
  if (typeof value !== 'string' || value === '' || value.length > 200) return null
  return /^[^\p{Cc}]*$/u.test(value) ? value : null
}
