import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test, type TestContext } from 'node:test'
import OpenAI from 'openai'
import { STARTER, starterModelDir } from '../src/models/starter/starter-model.fixture.ts'
import { testHome } from './support/gateway.ts'
import { runProgram, startProgram, type Program } from './support/process.ts'
import { startUpstream } from './support/upstream.ts'

const NIR_SENTENCE = `Rédige un courrier pour l'assurée dont le numéro de sécurité sociale est ${['2 69 05 49 588 157', '80'].join(' ')}.`

interface Served {
  readonly program: Program
  readonly url: string
  readonly key: string
  readonly client: OpenAI
  readonly env: Record<string, string>
}

describe('the main job, in real processes with the real model', () => {
  let models: Awaited<ReturnType<typeof starterModelDir>>
  before(async () => {
    models = await starterModelDir()
  })

  /** A data directory whose model store is the one the tests share. */
  function homeWithModel(t: TestContext): string {
    const home = testHome(t)
    if ('dir' in models) symlinkSync(models.dir, join(home, 'models'))
    return home
  }

  async function served(
    t: TestContext,
    home: string,
    args: readonly string[] = [],
  ): Promise<Served> {
    const env = { ECLUSE_HOME: home, CLOUD_KEY: 'test-cloud-key' }
    const program = startProgram(
      t,
      ['serve', '--listen', '127.0.0.1:0', '--json', '--no-discover', ...args],
      env,
    )
    const [line] = await program.until(/^\{"url".*\}$/m)
    const { url, adminKeyFile }: { url: string; adminKeyFile: string } = JSON.parse(line)
    const key = readFileSync(adminKeyFile, 'utf8').trim()
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 })
    return { program, url, key, client, env }
  }

  test('a sentence with a NIR is answered by the model on board and never reaches a cheaper, faster cloud; a harmless one does', async (t) => {
    if ('skip' in models) return t.skip(models.skip)
    const upstream = await startUpstream(t)
    const home = homeWithModel(t)
    writeFileSync(
      join(home, 'ecluse.yaml'),
      `destinations:\n  - {id: cloud, dialect: openai, url: "${upstream.url}", key: "\${env:CLOUD_KEY}", zone: managed, jurisdiction: FR, clearance: {class: internal}, models: [{name: big, upstream: cloud-1, price: {input: 0.01, output: 0.01}, tokens_per_second: 900}]}\n`,
    )
    const { program, client, env } = await served(t, home)
    await program.until(/model on board is ready/)

    const kept = await client.chat.completions
      .create({
        model: 'auto',
        max_tokens: 12,
        messages: [{ role: 'user', content: NIR_SENTENCE }],
      })
      .withResponse()
    assert.equal(kept.response.headers.get('x-ecluse-class'), 'restricted')
    assert.equal(kept.response.headers.get('x-ecluse-destination'), 'embedded')
    assert.ok((kept.data.usage?.completion_tokens ?? 0) > 0)
    assert.ok(kept.data.choices[0]?.message.content)

    let pieces = 0
    const stream = await client.chat.completions.create({
      model: 'auto',
      max_tokens: 12,
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: NIR_SENTENCE }],
    })
    let finish: string | null = null
    let tokens = 0
    for await (const piece of stream) {
      pieces += 1
      finish = piece.choices[0]?.finish_reason ?? finish
      tokens = piece.usage?.completion_tokens ?? tokens
    }
    assert.ok(pieces > 3)
    assert.ok(finish === 'stop' || finish === 'length')
    assert.ok(tokens > 0)

    const let_out = await client.chat.completions
      .create({
        model: 'auto',
        messages: [{ role: 'user', content: 'What is the difference between TCP and UDP?' }],
      })
      .withResponse()
    assert.equal(let_out.response.headers.get('x-ecluse-destination'), 'cloud')
    assert.equal(let_out.data.choices[0]?.message.content, 'From the cloud.')

    assert.equal(upstream.seen.length, 1)
    assert.doesNotMatch(upstream.seen[0]?.body ?? '', /sécurité sociale|49 588/)

    const id = (kept.response.headers.get('x-ecluse-decision') ?? '').split(';')[0] ?? ''
    const shown = await runProgram(t, ['audit', 'show', id, '--json'], env)
    assert.equal(shown.code, 0)
    const evidence: {
      decision: { class: string; destination: string }
      refused: { destination: string; rule: string }[]
    } = JSON.parse(shown.text)
    assert.equal(evidence.decision.class, 'restricted')
    assert.equal(evidence.decision.destination, 'embedded')
    assert.deepEqual(
      evidence.refused.map(({ destination, rule }) => [destination, rule]),
      [['cloud', 'destination:cloud']],
    )
    assert.doesNotMatch(shown.text, /sécurité sociale|49 588/)

    const verified = await runProgram(t, ['audit', 'verify', '--json'], env)
    assert.equal(verified.code, 0)
    const tail = await runProgram(t, ['audit', 'tail', '--json'], env)
    assert.equal(tail.text.trim().split('\n').length, 3)
  })

  test('a second gateway on the same data directory says who holds it', async (t) => {
    if ('skip' in models) return t.skip(models.skip)
    const home = homeWithModel(t)
    const first = await served(t, home)
    const second = await runProgram(
      t,
      ['serve', '--listen', '127.0.0.1:0', '--no-discover'],
      first.env,
    )
    assert.equal(second.code, 2)
    assert.match(
      second.text,
      new RegExp(`process ${first.program.child.pid ?? 0}, listening on ${first.url}`),
    )
  })

  test('a taken port is told with what to do, and nothing stays behind', async (t) => {
    if ('skip' in models) return t.skip(models.skip)
    const first = await served(t, homeWithModel(t))
    const port = new URL(first.url).port
    const second = await runProgram(
      t,
      ['serve', '--listen', `127.0.0.1:${port}`, '--no-discover'],
      { ECLUSE_HOME: homeWithModel(t) },
    )
    assert.equal(second.code, 2)
    assert.match(second.text, new RegExp(`Port ${port} on 127.0.0.1 is taken`))
  })

  test('an interruption lets an open stream end, then stops', async (t) => {
    if ('skip' in models) return t.skip(models.skip)
    const { program, client } = await served(t, homeWithModel(t))
    await program.until(/model on board is ready/)
    const stream = await client.chat.completions.create({
      model: STARTER,
      max_tokens: 24,
      temperature: 0,
      stream: true,
      messages: [{ role: 'user', content: 'Tell a story.' }],
    })
    let finish: string | null = null
    let isInterrupted = false
    for await (const piece of stream) {
      if (!isInterrupted) program.child.kill('SIGINT')
      isInterrupted = true
      finish = piece.choices[0]?.finish_reason ?? finish
    }
    assert.ok(finish === 'length' || finish === 'stop')
    assert.equal(await program.ended, 0)
  })

  test('before a model is there the gateway serves, says how far it is, and everything else works', async (t) => {
    const home = testHome(t)
    // a model that no source can give: the gateway stays without one
    writeFileSync(join(home, 'ecluse.yaml'), 'engine: {model: not-there-yet}\n')
    const { client, url } = await served(t, home)
    assert.equal((await fetch(`${url}/health/live`)).status, 200)
    assert.equal((await fetch(`${url}/health/ready`)).status, 200)
    const early = client.chat.completions.create({
      model: 'auto',
      messages: [{ role: 'user', content: 'hello' }],
    })
    await assert.rejects(early, (error) => {
      assert.ok(error instanceof OpenAI.APIError)
      assert.deepEqual([error.status, error.code], [503, 'model-not-ready'])
      assert.ok(error.headers?.get('retry-after'))
      return true
    })
  })

  test('the first start makes its secrets readable by the owner alone, and a key of it works at once', async (t) => {
    const home = join(testHome(t), 'new')
    const { client, env } = await served(t, home)
    for (const name of ['master.key', 'admin.key', 'ecluse.db']) {
      assert.equal(statSync(join(home, name)).mode & 0o777, 0o600, name)
    }
    assert.equal(statSync(home).mode & 0o777, 0o700)
    assert.ok((await Array.fromAsync(await client.models.list())).length > 0)
    const made = await runProgram(t, ['keys', 'create', 'robot', '--json'], env)
    const robot: { key: string; id: string; scopes: string[] } = JSON.parse(made.text)
    assert.deepEqual(robot.scopes, ['inference'])
    const listed = await runProgram(t, ['keys', 'ls', '--json'], env)
    assert.ok(!listed.text.includes(robot.key))
    assert.equal((await runProgram(t, ['keys', 'revoke', robot.id], env)).code, 0)
  })

  test('keys and destinations are administered without a running gateway too', async (t) => {
    const home = testHome(t)
    mkdirSync(join(home, 'run'))
    const env = { ECLUSE_HOME: home }
    const made = await runProgram(
      t,
      ['keys', 'create', 'offline', '--scope', 'audit', '--no-discover', '--json'],
      env,
    )
    assert.equal(made.code, 0, made.text)
    const listed = await runProgram(t, ['destinations', 'ls', '--no-discover', '--json'], env)
    assert.match(listed.text, /"id":"embedded"/)
    assert.equal(
      (await runProgram(t, ['destinations', 'disable', 'embedded', '--no-discover'], env)).code,
      0,
    )
    const routed = await runProgram(
      t,
      ['route', '--explain', 'hello', '--no-discover', '--json'],
      env,
    )
    assert.equal(routed.code, 1)
    assert.match(routed.text, /not-enabled/)
  })
})
