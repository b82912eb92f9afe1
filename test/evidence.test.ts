import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'
import OpenAI from 'openai'
import { testHome } from './support/gateway.ts'
import { runProgram, startProgram } from './support/process.ts'
import { startUpstream } from './support/upstream.ts'

const VERIFIER = fileURLToPath(new URL('../scripts/verify-export.mjs', import.meta.url))

test('evidence is signed, handed out, proven by a receipt, exported, kept texts are forgotten, and a change is named', async (t) => {
  const upstream = await startUpstream(t)
  const home = testHome(t)
  const anchor = join(home, 'anchor.jsonl')
  writeFileSync(
    join(home, 'ecluse.yaml'),
    `engine: {enabled: false}
evidence: {checkpoint_seconds: 1, anchors: [{file: "${anchor}"}]}
content: {keep: requests, up_to: internal}
destinations:
  - {id: cloud, dialect: openai, url: "${upstream.url}", key: "\${env:CLOUD_KEY}", zone: managed, jurisdiction: FR, clearance: {class: internal}, models: [{name: big, upstream: cloud-1}]}
`,
  )
  const env = { ECLUSE_HOME: home, CLOUD_KEY: 'test-cloud-key' }
  const program = startProgram(
    t,
    ['serve', '--listen', '127.0.0.1:0', '--json', '--no-discover'],
    env,
  )
  const [line] = await program.until(/^\{"url".*\}$/m)
  const { url, adminKeyFile } = JSON.parse(line)
  const apiKey = readFileSync(adminKeyFile, 'utf8').trim()
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 })
  const messages = [{ role: 'user' as const, content: 'What is a canal lock, said Violette?' }]
  const { response } = await client.chat.completions
    .create({ model: 'big', messages })
    .withResponse()
  const [id = '', leaf] = response.headers.get('x-ecluse-decision')?.split(';') ?? []
  const ecluse = async (...args: string[]) => {
    const { code, text } = await runProgram(t, args, env)
    // what a program prints for machines is one line that begins so
    return {
      code,
      json: () => JSON.parse(text.split('\n').find((one) => one.startsWith('{')) ?? ''),
    }
  }
  const admin = async (path: string, init: RequestInit = {}) =>
    fetch(`${url}/api${path}`, {
      ...init,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    })
  await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer no' },
  })

  const proof = await eventually(async () => {
    const answer = JSON.parse(await (await admin(`/decisions/${id}/proof`)).text())
    return answer.proofs?.[0]?.inclusion && answer
  })
  const { header, hash, inclusion } = proof.proofs[0]
  assert.deepEqual([header.id, header.leaf], [id, leaf])
  assert.equal(createHash('sha256').update(JSON.stringify(header)).digest('hex'), hash)
  assert.ok(proof.keys.includes(JSON.parse(inclusion.checkpoint.body).key))
  const told = (await ecluse('audit', 'prove', id, '--json')).json()
  assert.deepEqual(told.proofs[0], proof.proofs[0])

  assert.equal((await ecluse('audit', 'rotate-key')).code, 0)
  await client.chat.completions.create({ model: 'big', messages })
  await eventually(async () => {
    const { checkpoints } = JSON.parse(await (await admin('/evidence/checkpoints')).text())
    const keys = checkpoints.map(({ body }: { body: string }) => JSON.parse(body).key)
    return (
      new Set(keys).size === 2 &&
      readFileSync(anchor, 'utf8').trim().split('\n').length === keys.length
    )
  })
  const verified = await ecluse('audit', 'verify', '--anchor', anchor, '--json')
  const report = verified.json()
  assert.deepEqual([verified.code, report.ok, report.keysKnown], [0, true, true])
  assert.ok(report.checkpoints.anchoredUpTo >= 2)

  const file = join(home, 'export.jsonl')
  // what was handed out before the export has to be in it; more may be handed out while it is checked
  const before = join(home, 'anchor-before.jsonl')
  copyFileSync(anchor, before)
  assert.equal((await ecluse('audit', 'export', '--format', 'jsonl', '-o', file)).code, 0)
  const { key } = (await ecluse('audit', 'keys', '--json')).json()
  const checked = spawnSync(process.execPath, [VERIFIER, file, '--anchor', before, '--key', key])
  assert.equal(checked.status, 0, String(checked.stderr))
  assert.equal(
    (await ecluse('audit', 'export', '--format', 'parquet', '-o', `${file}.parquet`)).code,
    0,
  )
  assert.equal(readFileSync(`${file}.parquet`).subarray(0, 4).toString(), 'PAR1')

  const chart = new URLSearchParams({
    dimension: 'class',
    since: '2020-01-01T00:00:00Z',
    until: '2100-01-01T00:00:00Z',
  })
  await eventually(async () => {
    const { rows } = JSON.parse(await (await admin(`/rollups?${chart.toString()}`)).text())
    return rows.length === 1 && rows[0].figures.answered === 2
  })

  const kept = JSON.parse(await (await admin(`/decisions/${id}/content`)).text())
  assert.ok(kept.texts.some((text: string) => text.includes('Violette')))
  const database = new DatabaseSync(join(home, 'ecluse.db'))
  t.after(() => database.close())
  assert.equal(database.prepare('SELECT count(*) AS n FROM content').get()?.['n'], 2)
  const { key: keyId } = JSON.parse(await (await admin(`/decisions/${id}`)).text())
  const erased = await ecluse('erase', '--key', keyId, '--events', '--json')
  assert.deepEqual(erased.json(), { texts: 2, records: 4 })
  assert.equal((await admin(`/decisions/${id}/content`)).status, 404)
  const after = (await ecluse('audit', 'verify', '--anchor', anchor, '--json')).json()
  assert.deepEqual([after.ok, after.erased], [true, 4])
  assert.equal((await ecluse('audit', 'export', '-o', file)).code, 0)
  assert.equal(spawnSync(process.execPath, [VERIFIER, file, '--key', key]).status, 0)

  const asked = new AbortController()
  const asking = (async () => {
    while (!asked.signal.aborted) await client.chat.completions.create({ model: 'big', messages })
  })()
  const live = await ecluse('audit', 'verify', '--anchor', anchor, '--json')
  assert.deepEqual([live.code, live.json().firstProblem], [0, null])
  asked.abort()
  await asking

  program.child.kill('SIGTERM')
  await program.ended
  database.exec(
    'UPDATE ledger SET at = at + 1 WHERE type = 10 AND place = (SELECT min(place) FROM ledger WHERE type = 10)',
  )
  const altered = await ecluse('audit', 'verify', '--json')
  assert.equal(altered.code, 1)
  assert.equal(altered.json().firstProblem.problem, 'changed')
  const refusals = database.prepare('SELECT count(*) AS n FROM ledger WHERE type = 7').get()
  assert.equal(refusals?.['n'], 1, 'the refused request was counted when the gateway stopped')
})

/** Asks until there is an answer; what is asked for takes a second or so. */
async function eventually<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    const answer = await ask()
    if (answer || tries > 200) {
      assert.ok(answer)
      return answer
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
