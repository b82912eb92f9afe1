import { z } from 'zod'
import { formatted } from './schema-formats.ts'
import type { Secret } from './secret.ts'
import type { ModelSettings } from './types.ts'

const isWebUrl = (text: string): boolean => {
  const url = URL.parse(text)
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:'
  return isWeb && url.search === '' && url.hash === '' && url.username === ''
}

const HOUR_MS = 3_600_000

/** How weights are admitted, and how often they are read again. */
export const ModelsSection = z.strictObject({
  approval: z
    .enum(['one-person', 'two-person'])
    .default('one-person')
    .describe('two-person: who approves weights has neither brought nor verified them.'),
  recheck_before_load: z
    .enum(['whole', 'quick'])
    .default('whole')
    .describe(
      'whole: every byte is read again before the engine loads it; quick: only if its size or times differ.',
    ),
  recheck_hours: z
    .number()
    .min(0)
    .max(8760)
    .default(24)
    .describe('All weights on board are read again so often; 0: never.'),
  // where models are fetched from; a mirror inside the company takes their place
  hub: formatted('http-url', isWebUrl)
    .default('https://huggingface.co')
    .describe('Address of the Hugging Face Hub, or of a mirror of it.'),
  hub_token: z
    .string()
    .optional()
    .describe('`${env:NAME}` or `${file:path}`, for private and gated repositories there.'),
  ollama_registry: formatted('http-url', isWebUrl)
    .default('https://registry.ollama.ai')
    .describe('Address of the Ollama registry, or of a mirror of it.'),
})

export const modelsOf = (
  row: z.infer<typeof ModelsSection>,
  hubToken: Secret | null,
): ModelSettings => ({
  needsTwoPersons: row.approval === 'two-person',
  recheckBeforeLoad: row.recheck_before_load,
  recheckMs: row.recheck_hours === 0 ? null : Math.round(row.recheck_hours * HOUR_MS),
  hub: row.hub,
  hubToken,
  ollamaRegistry: row.ollama_registry,
})
