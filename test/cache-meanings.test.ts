import assert from 'node:assert/strict'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { EMBEDDER, starterModelDir } from '../src/models/starter/starter-model.fixture.ts'
import { ask, chat, cloudConfig, testGateway, testHome } from './support/gateway.ts'
import { startUpstream } from './support/upstream.ts'

/** Longest that the engine may take to have its model, milliseconds. */
const READY_MS = 60_000

test('questions that mean the same share an answer by the model on board, and questions that only look like it do not', async (t) => {
  const models = await starterModelDir(undefined, EMBEDDER)
  if ('skip' in models) return t.skip(models.skip)
  const home = testHome(t)
  symlinkSync(models.dir, join(home, 'models'))
  const upstream = await startUpstream(t)
  const rules = `policy:
  rules: [{id: out, match: {classes: [public, internal]}, allow: {zones: [device, managed]}}]
cache: {exact: true, semantic: {model: embedded/${EMBEDDER}, threshold: 0.9}, up_to: internal}
`
  const yaml = cloudConfig(upstream.url, rules).replace('engine: {enabled: false}\n', '')
  const gateway = await testGateway(t, yaml, home)
  const until = Date.now() + READY_MS
  for (;;) {
    const answer = await fetch(`${gateway.url}/v1/embeddings`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: EMBEDDER, input: 'ready?' }),
    })
    if (answer.status === 200) break
    assert.ok(
      Date.now() < until,
      `the engine has no model: ${answer.status} ${await answer.text()}`,
    )
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  const stateOf = async (text: string): Promise<string | null> => {
    const answer = await chat(gateway, { body: { ...ask(text), model: 'm' } })
    assert.equal(answer.status, 200)
    return answer.headers.get('x-ecluse-cache')
  }
  for (const [question, wanted] of [
    ['What is the tallest mountain in the world?', 'miss'],
    ['What is the highest mountain in the world?', 'hit'],
    ['What is not the highest mountain in the world?', 'miss'],
    ['Is it safe to eat raw eggs?', 'miss'],
    ['Is it unsafe to eat raw eggs?', 'miss'],
    ['Is water heavier than oil?', 'miss'],
    ['Is oil heavier than water?', 'miss'],
    ['Comment se forment les nuages ?', 'miss'],
    ['Comment les nuages se forment-ils ?', 'hit'],
    ['Comment acheter une maison ?', 'miss'],
    ['Comment vendre une maison ?', 'miss'],
  ] as const)
    assert.equal(await stateOf(question), wanted, question)
  assert.equal(upstream.seen.length, 9, 'only what was not known was sent')
})
