import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { noServer } from '#store/postgres/server-binaries.fixture.ts'
import { freshDatabase } from '#store/postgres/server.fixture.ts'
import { runProgram } from './support/process.ts'
import { asked, startReplicas, type Replica } from './support/replicas.ts'

const skip = (await noServer()) ?? false

const configurationOf = async ({ url }: Replica): Promise<string> => {
  const answer: { configuration: string } = JSON.parse(
    await (await fetch(`${url}/health/ready`)).text(),
  )
  return answer.configuration
}

/** Looks until it is so. */
async function until(isSo: () => Promise<boolean>, t: TestContext): Promise<void> {
  while (!(await isSo())) {
    t.signal.throwIfAborted()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

test(
  'gateways with the same file say so, and show when one of them has another; each takes a change up by itself',
  { skip },
  async (t) => {
    const database = await freshDatabase()
    t.after(() => database.drop())
    const { all, first, key } = await startReplicas(t, database.url, 2, '--workers', '1')
    const [one, two] = await Promise.all(all.map(configurationOf))
    assert.match(String(one), /^[0-9a-f]{12}$/)
    assert.equal(one, two)
    const change = ({ env }: Replica): void => {
      const file = join(String(env['ECLUSE_HOME']), 'ecluse.yaml')
      const text = readFileSync(file, 'utf8').replace('class: internal', 'class: public')
      writeFileSync(file, text)
    }
    const status = () => runProgram(t, ['db', 'status'], first.env)
    assert.doesNotMatch((await status()).text, /do not have the same configuration/)
    const letter = 'Écris à ada@example.org'
    assert.equal((await asked(first.url, key, 'm', letter)).status, 200)
    change(first)
    await until(async () => (await asked(first.url, key, 'm', letter)).status === 403, t)
    await until(async () => (await configurationOf(first)) !== two, t)
    await until(async () => {
      const { text } = await status()
      return text.includes('do not have the same configuration')
    }, t)
    for (const other of all.slice(1)) change(other)
    const changed = await configurationOf(first)
    await until(async () => {
      const each = await Promise.all(all.map(configurationOf))
      return each.every((digest) => digest === changed)
    }, t)
    await until(async () => {
      const { text } = await status()
      return !text.includes('do not have the same configuration')
    }, t)
  },
)
