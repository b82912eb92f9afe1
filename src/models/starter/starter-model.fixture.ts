import { mkdir } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describePullFailure } from '../pull/pull-messages.ts'
import { machinePorts } from '../pull/pull-ports.ts'
import { pullModel } from '../pull/pull.ts'
import { shippedStarterModels } from './starter-models.ts'

/** The name of the starter model in the store. */
export const STARTER = 'smollm2-135m-instruct'

/** The name of the starter model for embeddings. */
export const EMBEDDER = 'all-minilm-l6-v2'

type Pulled = { readonly dir: string } | { readonly skip: string }

const pulled = new Map<string, Promise<Pulled>>()

/**
 * For tests: a model store that holds a real starter model, pulled once per machine and shared by all tests.
 * `skip` tells why it cannot be had; where CI is set that is a failure, not a skip. The store is shared: never remove from it.
 */
export function starterModelDir(
  // oxlint-disable-next-line node/no-process-env -- a fixture is test code, which has no config
  environment: Readonly<Record<string, string | undefined>> = process.env,
  name: string = STARTER,
): Promise<Pulled> {
  const known = pulled.get(name) ?? pull(environment, name)
  pulled.set(name, known)
  return known
}

async function pull(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
): Promise<Pulled> {
  const dir = join(tmpdir(), 'ecluse-test-models')
  await mkdir(dir, { recursive: true })
  const result = await pullModel(
    { dir, name },
    shippedStarterModels(),
    machinePorts(Date.now, randomUUID, environment),
    () => undefined,
    new AbortController().signal,
  )
  if (result.ok) return { dir }
  const { message } = describePullFailure(result.error, 'en')
  if (environment['CI'] === 'true') throw new Error(`${name} is required: ${message}`)
  return { skip: `no ${name}: ${message}` }
}
