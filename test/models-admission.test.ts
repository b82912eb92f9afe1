import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { copyFile, open, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { readEvent } from '../src/ledger/read-event.ts'
import { findModel } from '../src/models/store/find-model.ts'
import { gguf, textValue } from '../src/models/gguf/gguf.fixture.ts'
import { machinePorts } from '../src/models/pull/pull-ports.ts'
import { pullModel } from '../src/models/pull/pull.ts'
import { readPublicKey } from '../src/models/signing/key.ts'
import { verifyBundle } from '../src/models/signing/verify-model.ts'
import { STARTER, starterModelDir } from '../src/models/starter/starter-model.fixture.ts'
import { storePaths } from '../src/models/store/store-layout.ts'
import { openStore } from '../src/store/sqlite/open.ts'
import { testGateway, testHome, type TestGateway } from './support/gateway.ts'

/** Puts a file into the store of a data directory, as `pull` does. */
async function pullInto(home: string, name: string, from: string): Promise<string> {
  const pulled = await pullModel(
    { dir: join(home, 'models'), name, from },
    [],
    machinePorts(Date.now, randomUUID, {}),
    () => undefined,
    new AbortController().signal,
  )
  assert.ok(pulled.ok)
  return pulled.value.digest
}

// oxlint-disable-next-line typescript/no-explicit-any -- what a route answers is what the test is about
type Answered = any

const asked = async (
  { url, key }: TestGateway,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Answered }> => {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: await answer.json() }
}

const chat = (gateway: TestGateway, model: string) =>
  asked(gateway, 'POST', '/v1/chat/completions', {
    model,
    max_tokens: 4,
    messages: [{ role: 'user', content: 'Say hello.' }],
  })

/** Asks until the answer is as wanted; fails with the last one. */
async function until<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + 120_000
  for (;;) {
    const answer = await ask()
    if (isWanted(answer)) return answer
    assert.ok(Date.now() < end, JSON.stringify(answer))
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** What the ledger of a stopped gateway was told of models, in words. */
async function admissionsTold(home: string): Promise<readonly string[]> {
  const opened = openStore({ path: join(home, 'ecluse.db'), readOnly: true })
  assert.ok(opened.ok)
  const told: string[] = []
  for await (const { record } of opened.value.ledger.walk('gateway', 1)) {
    const event = readEvent(record?.payload ?? null)
    if (event?.type === 'model-admission') told.push(`${event.decision} ${event.reasons[0]}`)
  }
  await opened.value.close()
  return told
}

/** The starter model with one weight changed: a model of its own, which no table knows. */
async function ownModel(t: TestContext, home: string): Promise<string | null> {
  const starter = await starterModelDir()
  if ('skip' in starter) {
    t.skip(starter.skip)
    return null
  }
  const manifest = await findModel(starter.dir, STARTER)
  assert.ok(manifest)
  const path = join(home, 'own.gguf')
  await copyFile(storePaths(starter.dir).blob(manifest.digest), path)
  await flipByte(path)
  return path
}

async function flipByte(path: string): Promise<void> {
  const file = await open(path, 'r+')
  const { size } = await file.stat()
  const byte = Buffer.alloc(1)
  await file.read(byte, 0, 1, size - 1000)
  byte.writeUInt8(byte.readUInt8() ^ 1)
  await file.write(byte, 0, 1, size - 1000)
  await file.close()
}

test('a model serves what the policy asks of its weights, and nothing once a byte of them changed', async (t) => {
  const home = testHome(t)
  const path = await ownModel(t, home)
  if (path === null) return
  const digest = await pullInto(home, 'own', path)
  const gateway = await testGateway(
    t,
    `
discover: false
engine: {model: own, context: 512}
policy:
  rules:
    - {id: approved-only, match: {classes: [public, internal]}, allow: {weights: approved}}
`,
    home,
  )
  const seen = await until(
    () => asked(gateway, 'GET', '/api/models/own'),
    ({ body }) => body.record !== undefined && body.state !== 'quarantined',
  )
  assert.deepEqual([seen.body.state, seen.body.digest], ['scanned', digest])
  assert.equal(seen.body.served[0].attested, 'here')
  const refused = await chat(gateway, 'own')
  assert.equal(refused.body.error.code, 'no-eligible-destination')
  assert.match(refused.body.error.message, /weights-not-verified by approved-only/)

  const unsaid = await asked(gateway, 'POST', '/api/models/own/admit', {})
  assert.equal(unsaid.body.error.code, 'weights-not-attested')
  const early = await asked(gateway, 'POST', '/api/models/own/approve', {})
  assert.equal(early.body.error.code, 'admission-step')
  const admitted = await asked(gateway, 'POST', '/api/models/own/admit', {
    digest: `sha256:${digest}`,
  })
  assert.equal(admitted.body.state, 'verified', JSON.stringify(admitted.body))
  assert.match((await chat(gateway, 'own')).body.error.message, /weights-not-approved/)
  const approved = await asked(gateway, 'POST', '/api/models/own/approve', { reason: 'reviewed' })
  assert.deepEqual([approved.body.state, approved.body.weights], ['approved', 'approved'])

  const { body: signed } = await asked(gateway, 'GET', '/api/models/own/signature')
  const { body: key } = await asked(gateway, 'GET', '/api/models/key')
  const trusted = readPublicKey(key.publicKey)
  assert.ok(trusted.ok)
  const trust = { method: 'key', key: trusted.value } as const
  assert.ok(verifyBundle(signed.bundle, trust, Date.now()).ok)

  const answered = await until(
    () => chat(gateway, 'own'),
    ({ status }) => status === 200,
  )
  assert.equal(typeof answered.body.choices[0].message.content, 'string')

  await flipByte(storePaths(join(home, 'models')).blob(digest))
  const stopped = await until(
    () => chat(gateway, 'own'),
    ({ status }) => status !== 200,
  )
  assert.equal(stopped.body.error.code, 'model-not-admitted', JSON.stringify(stopped.body))
  assert.match(stopped.body.error.message, /weights-changed \(rule admission:own\)/)
  const again = await asked(gateway, 'POST', '/api/models/own/admit', { digest })
  assert.equal(again.body.error.code, 'weights-missing')
  await gateway.stop()
  const told = await admissionsTold(home)
  assert.deepEqual(told.slice(0, 2), ['brought source-file', 'scanned clean'])
  assert.ok(told.includes('approved countersigned'))
  assert.equal(told.at(-1), 'withdrawn weights-changed')
})

test('what is found forbidden is never loaded, and its callers are told', async (t) => {
  const home = testHome(t)
  const template = "{{ ''.__class__.__mro__ }}"
  const bytes = gguf(
    [
      ['general.architecture', textValue('llama')],
      ['tokenizer.chat_template', textValue(template)],
    ],
    [],
  )
  await writeFile(join(home, 'bad.gguf'), bytes)
  await pullInto(home, 'bad', join(home, 'bad.gguf'))
  const gateway = await testGateway(t, 'discover: false\nengine: {model: bad}\n', home)
  const seen = await until(
    () => asked(gateway, 'GET', '/api/models/bad'),
    ({ body }) => body.record?.scan !== null && body.record !== undefined,
  )
  assert.equal(seen.body.state, 'quarantined')
  assert.equal(seen.body.record.scan.verdict, 'forbidden')
  const refused = await chat(gateway, 'bad')
  assert.equal(refused.status, 403)
  assert.match(refused.body.error.message, /weights-quarantined/)
  const { body } = await asked(gateway, 'GET', '/api/models?state=quarantined&stopped=true')
  assert.deepEqual(
    body.models.map(({ name }: { name: string }) => name),
    ['bad'],
  )
})

test('a server of our own is matched by the digest it reports, and stops with it', async (t) => {
  const home = testHome(t)
  await writeFile(join(home, 'a.gguf'), gguf([['general.architecture', textValue('llama')]], []))
  const digest = await pullInto(home, 'a', join(home, 'a.gguf'))
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    const answers: Record<string, unknown> = {
      '/api/tags': { models: [{ name: 'a:latest', digest: 'f'.repeat(64) }] },
      '/api/show': { modelfile: `# made\nFROM /root/.ollama/models/blobs/sha256-${digest}\n` },
      '/v1/chat/completions': {
        id: 'x',
        object: 'chat.completion',
        created: 1,
        model: 'a',
        choices: [
          { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'hello' } },
        ],
        usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
      },
    }
    request.resume()
    const answer = answers[request.url ?? '']
    response.statusCode = answer === undefined ? 404 : 200
    response.end(JSON.stringify(answer ?? {}))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const gateway = await testGateway(
    t,
    `
discover: false
engine: {enabled: false}
destinations:
  - id: ours
    url: http://127.0.0.1:${port}/v1
    zone: device
    clearance: {class: restricted}
    models: [{name: a, upstream: a}, {name: said, weights: verified}]
`,
    home,
  )
  const seen = await until(
    () => asked(gateway, 'GET', '/api/models/a'),
    ({ body }) => body.served?.length > 0 && body.state === 'scanned',
  )
  assert.deepEqual(seen.body.served, [{ destination: 'ours', model: 'a', attested: 'reported' }])
  const { body: family } = await asked(gateway, 'GET', '/api/catalogue/pythia')
  assert.equal(family.grade.level, 6)
  assert.ok(family.provenance.answers.some(({ answer }: Answered) => answer === null))
  const { body: listed } = await asked(gateway, 'GET', '/api/models?attested=configured')
  assert.deepEqual(
    listed.models.map(({ name, digest: of }: { name: string; digest: string }) => [name, of]),
    [['said', null]],
  )
  const answered = await chat(gateway, 'a')
  assert.equal(answered.status, 200, JSON.stringify([answered.body, seen.body]))
  await asked(gateway, 'POST', '/api/models/a/suspend', { reason: 'odd answers' })
  const stopped = await chat(gateway, 'a')
  assert.match(stopped.body.error.message, /weights-suspended \(rule admission:a\)/)
  assert.equal((await chat(gateway, 'said')).status, 200)
})
