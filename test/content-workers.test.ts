import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readFileSync } from 'node:fs'
import { ask, chat, cloudConfig, testHome } from './support/gateway.ts'
import { startProgram } from './support/process.ts'
import { startUpstream } from './support/upstream.ts'

const CONTENT = 'content: {keep: requests, up_to: public}\n'

test('workers keep the texts that the configuration permits, sealed, and no other', async (t) => {
  const upstream = await startUpstream(t)
  const home = testHome(t)
  writeFileSync(join(home, 'ecluse.yaml'), `${cloudConfig(upstream.url)}\n${CONTENT}`)
  const args = ['serve', '--workers', '2', '--listen', '127.0.0.1:0', '--json', '--no-discover']
  const env = { ECLUSE_HOME: home, CLOUD_KEY: 'test-cloud-key' }
  const [line] = await startProgram(t, args, env).until(/^\{"url".*\}$/m)
  const { url, adminKeyFile }: { url: string; adminKeyFile: string } = JSON.parse(line)
  const key = readFileSync(adminKeyFile, 'utf8').trim()
  const kept = async (text: string): Promise<() => Promise<Response>> => {
    const answer = await chat({ url, key }, { body: ask(text) })
    await answer.body?.cancel()
    assert.equal(answer.status, 200)
    const id = answer.headers.get('x-ecluse-decision')?.split(';')[0]
    return () =>
      fetch(`${url}/api/decisions/${id}/content`, { headers: { authorization: `Bearer ${key}` } })
  }
  const above = await kept('Write to violette@brume-atelier.fr about the lock.')
  for (let i = 0; i < 6; i += 1) {
    const read = await kept(`What is canal lock ${i}?`)
    let answer = await read()
    while (answer.status === 404) answer = await read()
    assert.deepEqual(JSON.parse(await answer.text()).texts, [`What is canal lock ${i}?`])
  }
  assert.equal((await above()).status, 404, 'personal data is above what may be kept')
  const database = ['ecluse.db', 'ecluse.db-wal'].map((name) => readFileSync(join(home, name)))
  for (const bytes of database) assert.equal(bytes.includes('canal lock'), false)
})
