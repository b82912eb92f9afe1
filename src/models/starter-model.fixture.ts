import { mkdir } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describePullFailure } from './pull-messages.ts'
import { machinePorts } from './pull-ports.ts'
import { pullModel } from './pull.ts'
import { shippedStarterModels } from './starter-models.ts'

/** The name of the starter model in the store. */
export const STARTER = 'smollm2-135m-instruct'

let pulled: Promise<{ readonly dir: string } | { readonly skip: string }> | null = null

/**
 * For tests: a model store that holds the real starter model, pulled once per machine and shared by all tests.
 * `skip` tells why it cannot be had; where CI is set that is a failure, not a skip. The store is shared: never remove from it.
 */
export function starterModelDir(
  // oxlint-disable-next-line node/no-process-env -- a fixture is test code, which has no config
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<{ readonly dir: string } | { readonly skip: string }> {
  pulled ??= pull(environment)
  return pulled
}

async function pull(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly dir: string } | { readonly skip: string }> {
  const dir = join(tmpdir(), 'ecluse-test-models')
  await mkdir(dir, { recursive: true })
  const result = await pullModel(
    { dir, name: STARTER },
    shippedStarterModels(),
    machinePorts(Date.now, randomUUID, environment),
    () => undefined,
    new AbortController().signal,
  )
  if (result.ok) return { dir }
  const { message } = describePullFailure(result.error, 'en')
  if (environment['CI'] === 'true') throw new Error(`the starter model is required: ${message}`)
  return { skip: `no starter model: ${message}` }
}
