import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { ask, chat, cloudConfig, testHome } from './support/gateway.ts'
import { startProgram } from './support/process.ts'
import { startUpstream } from './support/upstream.ts'

async function served(t: TestContext, more: readonly string[]) {
  const upstream = await startUpstream(t)
  const home = testHome(t)
  writeFileSync(join(home, 'ecluse.yaml'), cloudConfig(upstream.url))
  const env = { ECLUSE_HOME: home, CLOUD_KEY: 'test-cloud-key' }
  const args = ['serve', ...more, '--listen', '127.0.0.1:0', '--json']
  const program = startProgram(t, args, env)
  const [line] = await program.until(/^\{"url".*\}$/m)
  const { url, adminKeyFile }: { url: string; adminKeyFile: string } = JSON.parse(line)
  return { program, url, key: readFileSync(adminKeyFile, 'utf8').trim() }
}

/** Dense with what has to be checked: five million units. */
const LARGE = 'Commande 12 34 56 78 90 12 pour M. Martin, 12 rue de la Paix, 75002 Paris. '
  .repeat(70_000)
  .slice(0, 5_000_000)
  .concat(' IBAN FR76 3000 6000 0112 3456 7890 189')

for (const [name, args] of [
  ['one process', []],
  ['workers', ['--workers', '1']],
] as const) {
  test(`while five megabytes are classified, others are answered: ${name}`, async (t) => {
    const { program, url, key } = await served(t, args)
    const small = async (at: number): Promise<number> => {
      const answer = await chat({ url, key }, { body: ask(`question ${at}`) })
      await answer.arrayBuffer()
      return answer.status
    }
    assert.equal(await small(0), 200)
    const progress = { isDone: false }
    const large = chat({ url, key }, { body: ask(LARGE) }).then(async (answer) => {
      progress.isDone = true
      await answer.arrayBuffer()
      return answer
    })
    let answered = 0
    while (!progress.isDone) {
      assert.equal(await small(answered + 1), 200)
      answered += 1
    }
    const { status, headers } = await large
    assert.equal(status, 403)
    assert.equal(headers.get('x-ecluse-class'), 'confidential')
    // without threads it is the one that came before the body was read
    assert.ok(answered >= 10, `${answered} answered meanwhile`)
    program.child.kill('SIGTERM')
    assert.equal(await program.ended, 0, 'threads keep no process alive')
  })
}
