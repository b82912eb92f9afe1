import { createPublicKey } from 'node:crypto'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { given } from './locate.ts'
import type { Reading } from './reading.ts'
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
  python_index: formatted('http-url', isWebUrl)
    .optional()
    .describe(
      'Address of an index of Python packages (PEP 691 or 503) that is read without pip; pip brings them when absent.',
    ),
  registry_logins: z
    .string()
    .min(1)
    .optional()
    .describe('A file with logins of registries; those of Docker and Podman when absent.'),
})

export const modelsOf = (
  row: z.infer<typeof ModelsSection>,
  hubToken: Secret | null,
  reading: Reading,
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
  pythonIndex: row.python_index ?? null,
  registryLogins: loginFiles(row.registry_logins, reading),
})

/** Where logins of registries are, in the order in which they are looked for: the file named, else as Podman and Docker keep them. */
function loginFiles(
  named: string | undefined,
  { env, home, location }: Reading,
): readonly string[] {
  if (named !== undefined) return [resolve(location.folder, named)]
  const runtime = given(env['XDG_RUNTIME_DIR'])
  const podman = given(env['REGISTRY_AUTH_FILE'])
  return [
    ...(podman === undefined ? [] : [podman]),
    ...(runtime === undefined ? [] : [join(runtime, 'containers', 'auth.json')]),
    join(given(env['DOCKER_CONFIG']) ?? join(home, '.docker'), 'config.json'),
  ]
}
