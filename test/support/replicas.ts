import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { ask, chat, cloudConfig, testHome } from './gateway.ts'
import { startProgram, type Program } from './process.ts'
import { startUpstream } from './upstream.ts'

/** One gateway of several. */
export interface Replica {
  readonly env: Record<string, string>
  readonly program: Program
  readonly url: string
  readonly adminKeyFile: string
}

/** A destination of our own beside the managed one of `cloudConfig`. */
const ownDestination = (url: string): string => `
  - {id: house, dialect: openai, url: "${url}", zone: on-prem, clearance: {class: restricted},
     models: [{name: own, upstream: own-1}]}
`

/** Starts a gateway of this data directory. */
export async function startReplica(
  t: TestContext,
  env: Record<string, string>,
  ...args: readonly string[]
): Promise<Replica> {
  const all = ['serve', ...args, '--listen', '127.0.0.1:0', '--json']
  const program = startProgram(t, all, env)
  const [line] = await program.until(/^\{"url".*\}$/m)
  const { url, adminKeyFile }: { url: string; adminKeyFile: string } = JSON.parse(line)
  return { env, program, url, adminKeyFile }
}

/** Gateways on one database, each with a home of its own, started at the same moment. */
export async function startReplicas(
  t: TestContext,
  databaseUrl: string,
  count: number,
  ...args: readonly string[]
) {
  const upstream = await startUpstream(t)
  const started = Array.from({ length: count }, () => {
    const home = testHome(t)
    writeFileSync(
      join(home, 'ecluse.yaml'),
      cloudConfig(upstream.url, ownDestination(upstream.url)),
    )
    const env = {
      ECLUSE_HOME: home,
      CLOUD_KEY: 'test-cloud-key',
      ECLUSE_DATABASE_URL: databaseUrl,
      ECLUSE_MASTER_KEY: Buffer.alloc(32, 7).toString('base64url'),
    }
    return startReplica(t, env, ...args)
  })
  const all = await Promise.all(started)
  const files = all.filter(({ adminKeyFile }) => existsSync(adminKeyFile))
  assert.equal(files.length, 1, 'one of them made the first administrator')
  const key = readFileSync(files[0]?.adminKeyFile ?? '', 'utf8').trim()
  const [first, ...others] = all
  assert.ok(first)
  return { upstream, first, others, all, key }
}

/** What became of one short question to this model: the status, and the decision's id where there is one. */
export async function asked(
  url: string,
  key: string,
  model = 'm',
  text = 'hello',
): Promise<{ readonly status: number; readonly decision: string | null; readonly body: string }> {
  const answer = await chat({ url, key }, { body: { ...ask(text), model } })
  const decision = answer.headers.get('x-ecluse-decision')?.split(';')[0] ?? null
  return { status: answer.status, decision, body: await answer.text() }
}
