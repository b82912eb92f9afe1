import { createPublicKey } from 'node:crypto'
import { z } from 'zod'
import { formatted, Identifier } from './schema-formats.ts'
import type { Secret } from './secret.ts'
import type { ModelSettings } from './types.ts'

const isWebUrl = (text: string): boolean => {
  const url = URL.parse(text)
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:'
  return isWeb && url.search === '' && url.hash === '' && url.username === ''
}

const CURVES: readonly (string | undefined)[] = ['prime256v1', 'secp384r1', 'secp521r1']

function isPublicKey(pem: string): boolean {
  try {
    return (
      pem.startsWith('-----BEGIN PUBLIC KEY-----') &&
      CURVES.includes(createPublicKey(pem).asymmetricKeyDetails?.namedCurve)
    )
  } catch {
    return false
  }
}

const House = z.strictObject({
  name: Identifier,
  public_key: formatted('public-key', isPublicKey).describe(
    'What `ecluse models key` prints there.',
  ),
  accepts: z
    .enum(['verified', 'approved'])
    .default('verified')
    .describe('What its approval makes of weights here.'),
})

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
  trusted_houses: z
    .array(House)
    .max(50)
    .default([])
    .describe('Houses whose signed approvals count when a model of theirs is imported.'),
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
  trustedHouses: row.trusted_houses.map(({ name, public_key: publicKey, accepts }) => ({
    name,
    publicKey,
    accepts,
  })),
})
